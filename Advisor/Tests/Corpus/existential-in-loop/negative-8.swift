protocol Event {}
struct Key: Event {
    let code: Int
    let isDown: Bool
}
func loop(_ events: [any Event], _ count: Int) {
    for _ in 0..<count {
        for event in events { print(event) }
    }
}
