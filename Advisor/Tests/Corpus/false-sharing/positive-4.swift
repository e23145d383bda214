struct Ring: ~Copyable {
    let readIndex = Atomic<UInt64>(0)
    let writeIndex = Atomic<UInt64>(0) // expect: false-sharing

    func advanceReader() { readIndex.store(readIndex.load(ordering: .relaxed) + 1, ordering: .releasing) }
    func advanceWriter() { writeIndex.store(writeIndex.load(ordering: .relaxed) + 1, ordering: .releasing) }
}
