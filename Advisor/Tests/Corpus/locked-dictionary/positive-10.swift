// The other part is used apart from the dictionary.
final class Rooms: Sendable {
    struct State {
        var byID: [Int: Room] = [:]
        var visits = 0
    }
    private let state = NIOLockedValueBox<State>(State()) // expect: locked-dictionary

    func handle(_ id: Int) -> Room? { state.withLockedValue { $0.byID[id] } }
    func add(_ room: Room) { state.withLockedValue { $0.byID[room.id] = room } }
    func count() { state.withLockedValue { $0.visits += 1 } }
}
