// The time is data.
struct Event {
    let name: String
    let date: Date
}
final class Events {
    private var byID: [Int: Event] = [:]

    func event(_ id: Int) -> Event? { byID[id] }
    func add(_ id: Int, _ event: Event) { byID[id] = event }
}
