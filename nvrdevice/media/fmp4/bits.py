"""Reading bit by bit, as the parameter sets of H.264 and H.265 are written."""

from nvrdevice.lib.errors import DeviceError, Kind


class Bits:
    """Over one NAL unit; the bytes that keep start codes out of it are taken out first."""

    def __init__(self, unit: bytes) -> None:
        payload = unit.replace(b"\0\0\3", b"\0\0")
        self._value = int.from_bytes(payload)
        self._left = 8 * len(payload)

    def read(self, count: int) -> int:
        if count > self._left:
            raise DeviceError(
                Kind.UNSUPPORTED,
                "The stream's description of itself (its parameter sets) is cut off.",
            )
        self._left -= count
        return self._value >> self._left & ((1 << count) - 1)

    def flag(self) -> bool:
        return bool(self.read(1))

    def skip(self, count: int) -> None:
        self.read(count)

    def unsigned(self) -> int:
        """ue(v) of H.264 9.1."""
        zeros = 0
        while not self.flag():
            zeros += 1
            if zeros > 32:
                raise DeviceError(
                    Kind.UNSUPPORTED, "A number in the stream's parameter sets is too large."
                )
        return (1 << zeros) - 1 + self.read(zeros)

    def signed(self) -> int:
        """se(v)."""
        number = self.unsigned()
        return (number + 1) // 2 if number % 2 else -(number // 2)
