@MainActor
final class Windows {
    static var open: [Int: Window] = [:]

    func add(_ id: Int) { Self.open[id] = Window() }
}
