import Synchronization

/// The clock that the ages of a budget's entries are measured by, and the requests of a sample of keys, for the adaptive policy to learn
/// from: written by anyone, read by who makes room.
///
/// Of requests that come at once one may be lost, and so are those that come while nobody makes room and the ring is full.
struct RequestLog: @unchecked Sendable {
    // Sendable because it is an address of words that are read and written atomically.

    private let memory: UnsafeMutablePointer<UInt64>
    private static let maskPlace = 0
    private static let clockPlace = 8
    private static let cursorPlace = 16
    private static let ringPlace = 24
    private static let ringCount = 512

    /// A log that takes in nothing until it gets a mask.
    init() {
        let count = Self.ringPlace + Self.ringCount
        memory = UnsafeMutableRawPointer.allocate(byteCount: count * 8, alignment: 64)
            .bindMemory(to: UInt64.self, capacity: count)
        memory.initialize(repeating: 0, count: count)
        memory[Self.maskPlace] = .max
    }

    func deallocate() { memory.deallocate() }

    private func word(_ place: Int) -> AtomicWord { AtomicWord(memory + place) }

    /// The tick: see `ReuseStamp`.
    @inline(__always)
    var now: UInt32 { UInt32(truncatingIfNeeded: word(Self.clockPlace).loadRelaxed()) }

    /// Moves the clock on.
    func advance() { word(Self.clockPlace).storage.pointee.wrappingAdd(1, ordering: .relaxed) }

    /// Keys whose hash has none of these bits are logged.
    ///
    /// relaxed, as all of the log: nothing is published with it.
    var mask: UInt64 {
        get { word(Self.maskPlace).loadRelaxed() }
        nonmutating set { word(Self.maskPlace).storeRelaxed(newValue) }
    }

    /// Notes a request of a key.
    @inline(__always)
    func note(_ hash: UInt64) {
        if hash & mask == 0 { append(hash) }
    }

    @inline(never)
    private func append(_ hash: UInt64) {
        let number = word(Self.cursorPlace).loadRelaxed()
        guard number < UInt64(Self.ringCount) else { return }
        word(Self.ringPlace + Int(number)).storeRelaxed(hash)
        word(Self.cursorPlace).storeRelaxed(number + 1)
    }

    /// Takes out what was noted.
    func drain(_ body: (UInt64) -> Void) {
        let count = Int(min(word(Self.cursorPlace).loadRelaxed(), UInt64(Self.ringCount)))
        for place in 0..<count { body(word(Self.ringPlace + place).loadRelaxed()) }
        word(Self.cursorPlace).storeRelaxed(0)
    }
}
