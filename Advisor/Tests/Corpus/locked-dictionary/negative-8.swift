final class Once: Sendable {
    private let value = Mutex<Int?>(nil)

    func handle() -> Int? { value.withLock { $0 } }
    func set(_ new: Int) { value.withLock { $0 = new } }
}
