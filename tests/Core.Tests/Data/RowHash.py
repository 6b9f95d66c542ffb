"""Golden values of RowHash, written from its description alone. Run: python3 RowHash.py (any Python 3)."""
import struct

M = (1 << 64) - 1


def mix(v):
    v = (v + 0x9E3779B97F4A7C15) & M
    v = ((v ^ (v >> 30)) * 0xBF58476D1CE4E5B9) & M
    v = ((v ^ (v >> 27)) * 0x94D049BB133111EB) & M
    return v ^ (v >> 31)


def text(s):
    h = 0xCBF29CE484222325
    for b in s.encode("utf-8"):
        h = ((h ^ b) * 0x100000001B3) & M
    return mix(h)


def number(x):
    return mix(struct.unpack("<Q", struct.pack("<d", x + 0.0))[0])


def cell(name, value):
    return mix((text(name) + ((value << 32 | value >> 32) & M)) & M)


rows = [
    [("n", number(1.0)), ("t", number(0.0)), ("s", text("x"))],
    [("n", number(2.5)), ("t", number(86400.0)), ("s", text("é"))],
    [],
    [("n", number(0.0)), ("t", number(0.0)), ("s", text("x"))],
]
for row in rows:
    print(f"0x{mix(sum(cell(n, v) for n, v in row) & M):016X}")
