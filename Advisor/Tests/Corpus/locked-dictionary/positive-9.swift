// The dictionary is all that the state has.
final class Rooms: Sendable {
    private struct Table {
        var byID: [Int: Room] = [:]
    }
    private let rooms: Mutex<Table> = Mutex(Table()) // expect: locked-dictionary

    func handle(_ id: Int) -> Room? { rooms.withLock { $0.byID[id] } }
    func add(_ room: Room) { rooms.withLock { state in state.byID[room.id] = room } }
}
