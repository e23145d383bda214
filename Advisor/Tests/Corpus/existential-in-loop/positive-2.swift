protocol Event {}
struct Click: Event {
    let x: Int
    let y: Int
    let target: String
}
final class Recorder {
    var events: [any Event] = []

    func record(_ points: [(Int, Int)]) {
        for (x, y) in points {
            events.append(Click(x: x, y: y, target: "")) // expect: existential-in-loop
        }
    }
}
