final class Buffer: Sendable {
    private let bytes = Mutex<[UInt8]>([])

    func handle(_ index: Int) -> UInt8 { bytes.withLock { $0[index] } }
    func add(_ byte: UInt8) { bytes.withLock { $0.append(byte) } }
}
