import StrataRESP

/// `DEBUG PROTOCOL`: a reply of each type that the protocol has, for tests of clients.
enum DebugProtocol {
    @Sendable
    static func reply(_ context: CommandContext) throws(CommandError) {
        let writer = context.writer
        switch String(decoding: context.arguments[2], as: UTF8.self).lowercased() {
        case "string": writer.bulk("Hello World")
        case "integer": writer.integer(12345)
        case "double": writer.double(3.141)
        case "bignum": writer.bigNumber("1234567999999999999999999999999999999")
        case "null": writer.null()
        case "array":
            writer.arrayHeader(3)
            for number in 0..<3 { writer.integer(number) }
        case "set":
            writer.setHeader(3)
            for number in 0..<3 { writer.integer(number) }
        case "map":
            writer.mapHeader(3)
            for number in 0..<3 {
                writer.integer(number)
                writer.boolean(number == 1)
            }
        case "attrib":
            if writer.version >= 3 {
                writer.raw("|1\r\n")
                writer.bulk("key-popularity")
                writer.arrayHeader(2)
                writer.bulk("key:123")
                writer.integer(90)
            }
            writer.bulk("Some real reply following the attribute")
        case "push":
            guard writer.version >= 3 else { throw CommandError("ERR RESP2 is not supported by this command") }
            writer.pushHeader(2)
            writer.bulk("server-cpu-usage")
            writer.integer(42)
            // A push is no reply; a client that discards it still waits for one.
            writer.bulk("Some real reply following the push reply")
        case "true": writer.boolean(true)
        case "false": writer.boolean(false)
        case "verbatim": writer.verbatim("This is a verbatim\nstring")
        default:
            throw CommandError(
                "ERR Wrong protocol type name. Please use one of the following: "
                    + "string|integer|double|bignum|null|array|set|map|attrib|push|verbatim|true|false")
        }
    }
}
