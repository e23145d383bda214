// Several entries change together.
final class Accounts: Sendable {
    private let balances = Mutex<[Int: Int]>([:])

    func handle(_ from: Int, _ to: Int, _ amount: Int) {
        balances.withLock {
            $0[from, default: 0] -= amount
            $0[to, default: 0] += amount
        }
    }
    func balance(_ id: Int) -> Int { balances.withLock { $0[id] ?? 0 } }
}
