final class Traffic: Sendable {
    let received = Atomic<UInt64>(0)
    let sent = Atomic<UInt64>(0) // expect: false-sharing
    let errors = Atomic<UInt64>(0) // expect: false-sharing

    func didReceive(_ count: UInt64) { received.add(count, ordering: .relaxed) }
    func didSend(_ count: UInt64) { sent.add(count, ordering: .relaxed) }
    func didFail() { errors.add(1, ordering: .relaxed) }
}
