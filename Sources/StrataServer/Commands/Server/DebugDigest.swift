import Strata
import StrataRESP

/// `DEBUG DIGEST` and `DEBUG DIGEST-VALUE`: digests that are equal exactly if the data is, whatever its order in memory.
///
/// For comparing two states in tests; nobody who wants a collision is kept from finding one.
enum DebugDigest {
    /// Two sums of 64 bits, which make up forty hexadecimal digits with a constant.
    private struct Sum {
        var low: UInt64 = 0
        var high: UInt64 = 0

        mutating func add(_ other: Sum) {
            low = low &+ other.low
            high ^= other.high
        }

        var text: String {
            if low == 0 && high == 0 { return String(repeating: "0", count: 40) }
            return [low, high, low ^ high].map { part in
                let digits = String(part, radix: 16)
                return String(repeating: "0", count: 16 - digits.count) + digits
            }.joined().prefix(40).description
        }
    }

    /// Mixes pieces of bytes in their order.
    private struct Mixer {
        private var state: (UInt64, UInt64) = (0x9AE1_6A3B_2F90_404F, 0xC949_D7C7_509E_6557)

        mutating func add(_ bytes: Bytes) {
            for byte in bytes { add(UInt64(byte)) }
            add(UInt64(bytes.count) | 1 << 63)
        }

        mutating func add(_ word: UInt64) {
            state.0 = ((state.0 ^ word) &* 0x0000_0100_0000_01B3) ^ (state.0 >> 29)
            state.1 = ((state.1 &+ word) &* 0x9E37_79B9_7F4A_7C15) ^ (state.1 >> 31)
        }

        var sum: Sum { Sum(low: state.0, high: state.1) }
    }

    private static func digest(_ entry: CommandContext.Entry, now: Int64) -> Sum {
        var sum = Sum()
        switch entry.kind {
        case .string:
            var mixer = Mixer()
            mixer.add(entry.stringBytes)
            sum.add(mixer.sum)
        case .hash:
            entry.forEachField(now: now) { name, value, deadline in
                var mixer = Mixer()
                mixer.add(name)
                mixer.add(value)
                mixer.add(UInt64(bitPattern: deadline ?? -1))
                sum.add(mixer.sum)
            }
        }
        if let deadline = entry.deadline {
            var mixer = Mixer()
            mixer.add(UInt64(bitPattern: deadline))
            sum.add(mixer.sum)
        }
        return sum
    }

    @Sendable
    static func all(_ context: CommandContext) {
        var total = Sum()
        for number in 0..<Databases.count {
            let store = context.databases[number]
            var cursor: UInt64 = 0
            repeat {
                cursor = store.scan(
                    cursor: cursor, limit: 1000, now: context.now, isLocked: context.heldAccess != nil
                ) { key, entry in
                    let value = digest(entry, now: context.now)
                    var mixer = Mixer()
                    mixer.add(UInt64(number))
                    mixer.add(key)
                    mixer.add(value.low)
                    mixer.add(value.high)
                    total.add(mixer.sum)
                }
            } while cursor != 0
        }
        context.writer.simpleString(total.text)
    }

    @Sendable
    static func values(_ context: CommandContext) {
        context.writer.arrayHeader(context.arguments.count - 2)
        for index in 2..<context.arguments.count {
            var sum = Sum()
            _ = DebugCommands.withEntry(context, context.arguments[index]) { sum = digest($0, now: context.now) }
            context.writer.simpleString(sum.text)
        }
    }
}
