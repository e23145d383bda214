// A type of another module: its layout isn't known.
struct Item {
    var flag: Bool
    var payload: ByteBuffer
    var other: Bool
}
struct Box { var items: [Item] }
