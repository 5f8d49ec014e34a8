"""PDF files written by hand for the reading tests: a few objects, a true cross-reference table, optional encryption."""

import hashlib
import struct

_PAD = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")


def make_pdf(pages: list[list[str]], *, title: str = "", password: str = "") -> bytes:
    """A PDF of one font whose pages show the given lines.

    Args:
        pages: Lines of each page; an empty list makes a page without text.
        title: The document's stated title.
        password: Encrypt with this user password (standard handler, revision 2, RC4 of 40 bits).
    """
    identity = hashlib.md5(repr(pages).encode()).digest()
    owner = _rc4(hashlib.md5(_padded("owner")).digest()[:5], _padded(password))
    key = hashlib.md5(_padded(password) + owner + struct.pack("<i", -4) + identity).digest()[:5]

    def sealed(number: int, data: bytes) -> bytes:
        if not password:
            return data
        return _rc4(hashlib.md5(key + struct.pack("<I", number)[:3] + b"\0\0").digest()[:10], data)

    kids = " ".join(f"{4 + 2 * i} 0 R" for i in range(len(pages)))
    objects: dict[int, bytes] = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        3: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    }
    for i, lines in enumerate(pages):
        number = 4 + 2 * i
        drawn = "".join(
            f"BT /F1 {18 if i == 0 and j == 0 else 11} Tf 60 {760 - 18 * j} Td ({_escaped(line)}) Tj ET\n"
            for j, line in enumerate(lines)
        )
        content = sealed(number + 1, drawn.encode("cp1252"))
        objects[number] = (
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {number + 1} 0 R"
            " /Resources << /Font << /F1 3 0 R >> >> >>"
        ).encode()
        objects[number + 1] = b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content)
    trailer = f"/Root 1 0 R /ID [<{identity.hex()}> <{identity.hex()}>]"
    if title:
        number = len(objects) + 1
        objects[number] = b"<< /Title <%s> >>" % sealed(number, title.encode("latin-1")).hex().encode()
        trailer += f" /Info {number} 0 R"
    if password:
        number = len(objects) + 1
        user = _rc4(key, _PAD)
        objects[number] = f"<< /Filter /Standard /V 1 /R 2 /O <{owner.hex()}> /U <{user.hex()}> /P -4 >>".encode()
        trailer += f" /Encrypt {number} 0 R"
    return _assembled(objects, trailer)


def _assembled(objects: dict[int, bytes], trailer: str) -> bytes:
    out = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    offsets = []
    for number, body in sorted(objects.items()):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += f"trailer\n<< /Size {len(objects) + 1} {trailer} >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)


def _escaped(line: str) -> str:
    return line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def _padded(password: str) -> bytes:
    return (password.encode("latin-1") + _PAD)[:32]


def _rc4(key: bytes, data: bytes) -> bytes:
    state = list(range(256))
    j = 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    out = bytearray()
    i = j = 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)
