struct Event {
    var time: UInt64
    var id: Int32
    var kind: UInt16
    var flag: Bool
}
struct Log { var events: [Event] }
