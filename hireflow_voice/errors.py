"""Every error a user can meet, sorted by whose fault it is.

    HireFlowError
      MachineError            this computer: a device, a disk, a missing file
        NoSoundSystem         PortAudio itself is missing or broken
        NoMicrophone          no input device, or it went away
        NoSpeaker             no output device, or it went away
        OtherMicrophone       the chosen one is not there, the default one is used
        OtherSpeaker          the same of the speaker
        NoEchoCancelling      the library for it is not there: one speaks at a time
        EchoHeard             the microphone hears the interviewer
        DiskFull              the answer could not be written
        DataFolderUnusable    the data folder is missing, read-only or somebody else's
        ModelMissing          weights are not there, or are not the weights they claim to be
        PlainVoice            the chosen voice cannot speak, another one does
        NoDisplay             no screen for the window
        WorkerFailed          the process that holds the models died or hung
      EndpointError           the language-model server the user chose
      InputError              a file or a word the user gave
        QuestionBankError     a question bank that cannot be read
        SoundFileError        a recording that cannot be read
        NotFound              no such call, question, voice ...

Anything else that escapes is our own bug and is shown as such.
"""

from __future__ import annotations


class HireFlowError(Exception):
    """An error with a plain sentence, and a way on.

    `sentence` says what happened and what is safe; `remedy` says what to do, or is empty when nothing can be done.
    Both are plain text, fit for a screen, and never contain a key or an answer.
    """

    blame = "HireFlow Voice"

    def __init__(self, sentence: str, remedy: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.sentence} {self.remedy}".strip()

    def __reduce__(self) -> tuple[type[HireFlowError], tuple[str, str]]:
        # Errors cross the pipe from the worker process; Exception's own pickling would drop the remedy.
        return type(self), (self.sentence, self.remedy)


class MachineError(HireFlowError):
    """This computer lacks something."""

    blame = "this computer"


class NoSoundSystem(MachineError):
    """The PortAudio library is missing or cannot be loaded."""


class NoMicrophone(MachineError):
    """There is no input device, it may not be used, or it went away."""


class NoSpeaker(MachineError):
    """There is no output device, or it went away."""


class OtherMicrophone(MachineError):
    """The chosen input device is not there; the default one is used until it is."""


class OtherSpeaker(MachineError):
    """The chosen output device is not there; the default one is used until it is."""


class NoEchoCancelling(MachineError):
    """The interviewer's echo cannot be removed from the microphone on this machine."""


class EchoHeard(MachineError):
    """The microphone hears the speaker, though headphones were said to be worn."""


class DiskFull(MachineError):
    """No room is left where the recordings are written."""


class DataFolderUnusable(MachineError):
    """The data folder cannot be created or written."""


class ModelMissing(MachineError):
    """Weights are absent, incomplete, or fail their sha256."""


class PlainVoice(MachineError):
    """The voice that was chosen cannot speak; what was to be said is said by another one."""


class NoDisplay(MachineError):
    """There is no screen to open a window on."""


class WorkerFailed(MachineError):
    """The process that holds the models died, hung past its deadline, or could not start."""


class EndpointError(HireFlowError):
    """The language-model server did not give a usable answer in time."""

    blame = "the endpoint"


class InputError(HireFlowError):
    """Something the user gave cannot be used."""

    blame = "the file"


class QuestionBankError(InputError):
    """A question bank is malformed; the sentence names file and line."""


class SoundFileError(InputError):
    """A recording cannot be read."""


class NotFound(InputError):
    """No such call, question, voice or round."""

    blame = "the request"
