@frozen public struct Header {
    public var kind: UInt8
    public var length: UInt64
    public var flags: UInt8
}
struct Log { var headers: [Header] }
