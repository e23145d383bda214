/// Writes commands in the form in which clients send them: an array of bulk strings.
public enum RESPCommandEncoder {
    /// How many bytes a command takes.
    ///
    /// - Complexity: O(number of arguments).
    public static func encodedLength(of arguments: some Sequence<[UInt8]>) -> Int {
        var count = 0
        var length = 0
        for argument in arguments {
            count += 1
            length += 1 + digitCount(argument.count) + 2 + argument.count + 2
        }
        return 1 + digitCount(count) + 2 + length
    }

    /// Appends a command.
    ///
    /// - Parameters:
    ///   - arguments: The command's name and its arguments; at least the name.
    ///   - bytes: Where to.
    public static func append(_ arguments: some Collection<[UInt8]>, to bytes: inout [UInt8]) {
        header(UInt8(ascii: "*"), arguments.count, &bytes)
        for argument in arguments {
            header(UInt8(ascii: "$"), argument.count, &bytes)
            bytes.append(contentsOf: argument)
            bytes.append(0x0d)
            bytes.append(0x0a)
        }
    }

    private static func header(_ type: UInt8, _ number: Int, _ bytes: inout [UInt8]) {
        bytes.append(type)
        if number < 10 {
            bytes.append(0x30 + UInt8(number))
        } else {
            var divisor = 10
            while number / divisor >= 10 { divisor *= 10 }
            while divisor > 0 {
                bytes.append(0x30 + UInt8(number / divisor % 10))
                divisor /= 10
            }
        }
        bytes.append(0x0d)
        bytes.append(0x0a)
    }

    private static func digitCount(_ number: Int) -> Int {
        var count = 1
        var rest = number / 10
        while rest > 0 {
            count += 1
            rest /= 10
        }
        return count
    }
}
