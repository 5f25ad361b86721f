"""Images are decoded and written anew: place, camera and whatever hides behind the pixels go."""

from typing import BinaryIO, Final

from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

from suppliers.evidence.kinds import Unacceptable

MOST_PIXELS: Final = 36_000_000  # A4 in colour at 600 dots an inch; 4 bytes each when decoded
UPRIGHT: Final = 1  # Exif's orientation
ORIENTATION: Final = 0x0112
ENDS: Final = {"png": b"IEND\xaeB`\x82", "jpeg": b"\xff\xd9"}

Image.MAX_IMAGE_PIXELS = None  # our own bound below counts the copies too
ImageFile.LOAD_TRUNCATED_IMAGES = False


def redraw(file: BinaryIO, kind: str, to: BinaryIO) -> list[str]:
    """Write the same picture into `to`. Refuses what is too many pixels before decoding any."""
    _refuse_open_end(file, kind)
    file.seek(0)
    try:
        with Image.open(file, formats=[kind.upper()]) as image:
            _refuse_bomb(image)
            _write(image, kind, to)
    except UnidentifiedImageError as error:
        raise Unacceptable("image-damaged") from error
    except (OSError, SyntaxError, ValueError) as error:
        raise Unacceptable("image-damaged") from error
    return []


def _refuse_open_end(file: BinaryIO, kind: str) -> None:
    """A picture that is cut off decodes in part; and a PNG has nothing behind its end."""
    file.seek(0)
    content = file.read()
    if ENDS[kind] not in content[-64 * 1024 :]:
        raise Unacceptable("cut-off")
    if kind == "png" and not content.endswith(ENDS["png"]):
        raise Unacceptable("two-kinds")


def _refuse_bomb(image: Image.Image, *, copies: int = 1) -> None:
    width, height = image.size
    if width * height * copies > MOST_PIXELS:
        raise Unacceptable("too-many-pixels", width=width, height=height)


def _write(image: Image.Image, kind: str, to: BinaryIO) -> None:
    image.load()
    if image.getexif().get(ORIENTATION, UPRIGHT) != UPRIGHT:
        _refuse_bomb(image, copies=2)
        ImageOps.exif_transpose(image, in_place=True)
    transparent = image.info.get("transparency")
    image.info = {} if transparent is None else {"transparency": transparent}
    if kind == "png":
        image.save(to, "PNG", exif=b"")
    else:
        image.save(to, "JPEG", quality=92, exif=b"")
