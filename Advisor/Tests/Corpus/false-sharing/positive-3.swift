final class Pipe: Sendable {
    private let input = Mutex<[Int]>([])
    private let output = Mutex<[Int]>([]) // expect: false-sharing

    func put(_ value: Int) { input.withLock { $0.append(value) } }
    func take() -> Int? { output.withLock { $0.popLast() } }
}
