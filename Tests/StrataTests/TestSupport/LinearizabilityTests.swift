import Testing

/// A register that is written and read.
private enum Register: SequentialModel {
    enum Operation: Sendable {
        case write(Int)
        case read(Int)
    }

    static let initialState = 0

    static func state(after operation: Operation, in state: Int) -> Int? {
        switch operation {
        case .write(let value): value
        case .read(let value): value == state ? state : nil
        }
    }
}

@Suite
struct LinearizabilityTests {
    private typealias Checker = LinearizabilityChecker<Register>
    private typealias Record = RecordedOperation<Register.Operation>

    @Test
    func acceptsSequentialHistory() {
        #expect(
            Checker.check([
                Record(start: 0, end: 1, operation: .write(1)), Record(start: 2, end: 3, operation: .read(1)),
                Record(start: 4, end: 5, operation: .write(2)), Record(start: 6, end: 7, operation: .read(2)),
            ]))
    }

    @Test
    func rejectsStaleRead() {
        #expect(
            !Checker.check([
                Record(start: 0, end: 1, operation: .write(1)), Record(start: 2, end: 3, operation: .write(2)),
                Record(start: 4, end: 5, operation: .read(1)),
            ]))
    }

    @Test
    func acceptsEitherValue_whenReadOverlapsWrite() {
        for value in [0, 1] {
            #expect(
                Checker.check([
                    Record(start: 0, end: 10, operation: .write(1)), Record(start: 5, end: 6, operation: .read(value)),
                ]))
        }
    }

    @Test
    func rejectsValueThatComesAndGoes() {
        // Two reads, one after the other, within one write: once the new value was seen, the old one can't be.
        #expect(
            !Checker.check([
                Record(start: 0, end: 10, operation: .write(1)), Record(start: 2, end: 3, operation: .read(1)),
                Record(start: 4, end: 5, operation: .read(0)),
            ]))
    }

    @Test
    func findsOrderByUndoingChoices() {
        // Both writes overlap everything; the reads force 2 before 1.
        #expect(
            Checker.check([
                Record(start: 0, end: 20, operation: .write(1)), Record(start: 0, end: 20, operation: .write(2)),
                Record(start: 5, end: 6, operation: .read(2)), Record(start: 7, end: 8, operation: .read(1)),
                Record(start: 9, end: 10, operation: .read(1)),
            ]))
    }
}
