"""Misconceptions as candidates say them, and what somebody who knows better says about the same thing.

Each entry: (question, the key point, the misconception as a bank words it, said wrongly, said rightly).
"""

from __future__ import annotations

from typing import NamedTuple


class Statement(NamedTuple):
    """One misconception."""

    question: str
    point: str
    misconception: str
    wrong: str
    right: str


STATEMENTS = (
    Statement(
        "How would you design a rate-limiting system for an API that runs on many servers?",
        "The servers need a shared count, because otherwise each server allows the full limit.",
        "Counting on each server separately is enough to hold one limit for the whole fleet.",
        "So I would keep it simple, every machine has its own counter in memory and allows a hundred calls a minute, "
        "and with that the limit of a hundred holds for the whole fleet.",
        "If every machine only had its own counter in memory, ten machines would let through ten times the limit, so "
        "the number has to live in one place that they all share.",
    ),
    Statement(
        "How would you design a rate-limiting system for an API that runs on many servers?",
        "Requests are counted separately for each client.",
        "A load balancer in front already limits how many requests a client may send.",
        "We don't really have to build anything, the load balancer sits in front and it already makes sure that no "
        "client can send more than it should.",
        "The load balancer only spreads the calls out, it does not stop a client from sending too many, so we count "
        "them per client ourselves.",
    ),
    Statement(
        "Explain the differences between REST and GraphQL. When would you pick which?",
        "With GraphQL the client names the fields it wants, which avoids fetching too much.",
        "GraphQL is always faster than REST.",
        "The main reason for GraphQL is speed, a GraphQL API is just faster than a REST one in every case.",
        "People say GraphQL is faster, but that is not true in general, a cached GET in REST often beats it.",
    ),
    Statement(
        "How do you handle database migrations in production, while users keep using the service?",
        "A change to the schema can hold a lock that blocks all other queries on the table.",
        "A migration inside a transaction cannot hurt live traffic.",
        "I put the whole migration into a transaction, and because it is in a transaction the users can't be "
        "affected by it at all.",
        "Being in a transaction does not help with that, the lock on the table is held until commit and everybody "
        "else waits in line behind it.",
    ),
    Statement(
        "How do you handle database migrations in production, while users keep using the service?",
        "The way back is planned, because rolling back the code leaves the schema as it is.",
        "Rolling back the code also undoes the schema change.",
        "If something goes wrong we just deploy the previous version of the code, and that puts the tables back to "
        "how they were as well.",
        "Deploying the previous code does not change the tables back, so the old code has to be able to run on the "
        "new schema.",
    ),
    Statement(
        "How do you handle database migrations in production, while users keep using the service?",
        "Indexes are built online, because a plain index build blocks writes.",
        "Adding an index never blocks anything.",
        "Creating an index is harmless, it never locks the table, so I can do that at any time of the day.",
        "Creating an index the plain way blocks writes while it runs, so I'd use the concurrent variant.",
    ),
    Statement(
        "What is the CAP theorem, and what does it mean when you design a system?",
        "During a partition a system has to give up either consistency or availability.",
        "You can freely pick any two of the three, including consistency and availability without partition tolerance.",
        "You have three properties and you choose the two you like best, so for a bank I'd take consistency and "
        "availability and leave partition tolerance out.",
        "It's often sold as pick two of three, but partitions happen whether you like it or not, so really you choose "
        "between consistency and availability while one lasts.",
    ),
    Statement(
        "What is the CAP theorem, and what does it mean when you design a system?",
        "Consistency in CAP means that every read sees the latest write.",
        "Consistency in CAP is the same as the C in ACID.",
        "The C is the consistency you know from ACID, so that all the constraints of the database hold after a "
        "transaction.",
        "The C there is not the one from ACID, it means that a read gives you the most recent write.",
    ),
    Statement(
        "Describe how you would implement authentication and authorization for a web service.",
        "A signed token can be read by anyone, so no secrets go into it.",
        "A JWT is encrypted, so nobody can read what is in it.",
        "I'd put the user's data into a JWT, that's encrypted, so nobody who gets hold of it can see what's inside.",
        "A JWT is only signed and not encrypted, anybody can decode it, so I put nothing secret into it.",
    ),
    Statement(
        "Describe how you would implement authentication and authorization for a web service.",
        "Every request is checked on the server.",
        "Hiding a button in the user interface is enough to protect an action.",
        "Normal users simply don't get to see the delete button in the front end, so they cannot delete anything and "
        "that's all the protection we need.",
        "Hiding the delete button is only cosmetic, anyone can send the request by hand, so the server checks it "
        "every time.",
    ),
    Statement(
        "Describe how you would implement authentication and authorization for a web service.",
        "Passwords are stored as slow, salted hashes.",
        "Passwords should be encrypted so that they can be recovered.",
        "We encrypt the passwords in the table with a key, so when somebody forgets theirs we can decrypt it and "
        "mail it to them.",
        "Passwords must not be recoverable at all, I'd store a salted hash from something slow like argon2.",
    ),
    Statement(
        "How do you handle errors and logging in a production system?",
        "Retries are limited, wait longer each time and only repeat safe operations.",
        "Retrying immediately until it works is safe.",
        "When a call fails I'd put it into a loop and try it again straight away, as often as it takes until it goes "
        "through, there's no danger in that.",
        "Trying again straight away in a loop makes an outage worse, so I wait longer each time and give up after a "
        "few attempts.",
    ),
    Statement(
        "How do you handle errors and logging in a production system?",
        "Errors that cannot be handled are passed on instead of swallowed.",
        "Catching every exception and carrying on makes a system robust.",
        "I wrap every function in a try and catch everything and then continue, that way the system is robust and "
        "never goes down.",
        "Catching everything and carrying on hides bugs and leaves broken state behind, so I only catch what I can "
        "really deal with.",
    ),
    Statement(
        "How would you scale a web service that gets ten times the traffic?",
        "The bottleneck is measured before anything is added.",
        "Adding servers always makes a system proportionally faster.",
        "It's simple math, ten times the traffic means ten times the servers, and then it is ten times as fast.",
        "More servers only help until something they share is full, like the database, so I'd measure first where "
        "the bottleneck is.",
    ),
    Statement(
        "What are the trade-offs of microservices?",
        "A split system needs monitoring, deployment and network handling that a monolith does not.",
        "Microservices make a system simpler.",
        "With microservices everything gets simpler, because each one is so small, the system as a whole has less "
        "complexity.",
        "Each service is small, but the system as a whole gets harder, with the network in between and many more "
        "things to deploy and watch.",
    ),
    Statement(
        "How do you secure an API?",
        "Access to each object is checked, even if its identifier is hard to guess.",
        "An identifier that is hard to guess replaces a permission check.",
        "The records have random UUIDs nobody can guess, so we don't need to check whether the user is allowed to "
        "see a record.",
        "Even with random UUIDs I'd check on every request that this user may see this record, because such ids leak.",
    ),
    Statement(
        "How do you secure an API?",
        "Browser rules do not protect a server from other programs.",
        "CORS protects an API from other people's programs.",
        "I'd set the CORS headers to our own domain, then scripts and bots of other people can't call the API any "
        "more.",
        "CORS only tells browsers what to do, a script with curl does not care about it, so it protects nothing on "
        "the server.",
    ),
    Statement(
        "When would you use a message queue, and what do you have to watch out for?",
        "Messages can arrive twice, so consumers must be idempotent.",
        "The broker delivers every message exactly once, so consumers need no care.",
        "The broker guarantees that each message comes exactly once, so the consumer doesn't have to think about "
        "duplicates.",
        "Most brokers deliver at least once, so the same message can come twice and the consumer must be able to "
        "cope with duplicates.",
    ),
    Statement(
        "When would you use a message queue, and what do you have to watch out for?",
        "With several consumers the order of messages is lost, unless they are partitioned by key.",
        "A queue keeps all messages in order no matter how many consumers there are.",
        "A queue is first in first out, so even with twenty consumers everything is processed in the order it came in.",
        "As soon as I have more than one consumer the order is gone, so I partition by customer to keep it per "
        "customer.",
    ),
    Statement(
        "When would you use a message queue, and what do you have to watch out for?",
        "A queue absorbs bursts, it does not add capacity.",
        "Adding a queue makes an overloaded system fast enough.",
        "If the backend is too slow for the load I'd put a queue in front of it, and then it is fast enough.",
        "A queue helps with a short burst, but if the workers are too slow all the time it just grows and grows.",
    ),
)
