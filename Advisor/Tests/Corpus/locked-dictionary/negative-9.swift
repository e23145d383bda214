// What is protected together changes together.
final class Rooms: Sendable {
    private struct Table {
        var byID: [Int: Room] = [:]
        var names: Set<String> = []
    }
    private let rooms: Mutex<Table> = Mutex(Table())

    func handle(_ id: Int) -> Room? { rooms.withLock { $0.byID[id] } }
    func first(_ id: Int) -> Room? { rooms.withLock { $0.byID[id] } }
    func add(_ room: Room) {
        rooms.withLock { state in
            state.byID[room.id] = room
            state.names.insert(room.name)
        }
    }
}
