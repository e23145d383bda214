import StrataTesting
import StrataTiering
import Testing

@Suite struct WriteBehindStateMachineTests {
    private let start = Instant(nanoseconds: 0)

    private func change(_ values: [String: String]) -> PendingChange {
        var change = PendingChange()
        for (name, value) in values.sorted(by: { $0.key < $1.key }) {
            change[bytes(name)] = .set(bytes(value), deadline: .distantFuture)
        }
        return change
    }

    @Test func coalescesChangesOfOneKey_andWritesThemInOrder() {
        var machine = WriteBehindStateMachine(capacity: 10, concurrency: 2, retryDelay: .seconds(1))
        let result1 = machine.enqueue([1], change(["a": "1"]))
        #expect(result1)
        let result2 = machine.enqueue([1], change(["b": "2"]))
        #expect(result2)
        let result3 = machine.next(now: start)
        #expect(result3 == .write([1], change(["a": "1", "b": "2"])))
        // The next change waits for the end of the write under way.
        let result4 = machine.enqueue([1], change(["a": "3"]))
        #expect(result4)
        let result5 = machine.next(now: start)
        #expect(result5 == .nothing)
        #expect(machine.pending([1])?[bytes("a")] == .set(bytes("3"), deadline: .distantFuture))
        machine.finish([1], .done, now: start)
        let result6 = machine.next(now: start)
        #expect(result6 == .write([1], change(["a": "3"])))
        machine.finish([1], .done, now: start)
        #expect(machine.count == 0)
    }

    @Test func triesAgainAfterAWhile_withWhatCameMeanwhile() {
        var machine = WriteBehindStateMachine(capacity: 10, concurrency: 2, retryDelay: .seconds(1))
        _ = machine.enqueue([1], change(["a": "1", "b": "1"]))
        _ = machine.next(now: start)
        _ = machine.enqueue([1], change(["a": "2"]))
        machine.finish([1], .failed, now: start)
        let result7 = machine.next(now: start)
        #expect(result7 == .wait(until: start.advanced(by: .seconds(1))))
        let later = start.advanced(by: .seconds(1))
        let result8 = machine.next(now: later)
        #expect(result8 == .write([1], change(["a": "2", "b": "1"])))
        machine.finish([1], .failed, now: later)
        let result9 = machine.next(now: later)
        #expect(result9 == .wait(until: later.advanced(by: .seconds(2))))
    }

    @Test func refusesAnotherKey_whenItIsFull() {
        var machine = WriteBehindStateMachine(capacity: 1, concurrency: 1, retryDelay: .seconds(1))
        let result10 = machine.enqueue([1], change(["a": "1"]))
        #expect(result10)
        let result11 = machine.enqueue([2], change(["a": "1"]))
        #expect(!result11)
        let result12 = machine.enqueue([1], change(["a": "2"]))
        #expect(result12)
    }

    @Test func aRemovalOfEverythingForgetsWhatWasBefore() {
        var first = change(["a": "1"])
        first.merge(PendingChange(removesEverything: true))
        first.merge(change(["b": "2"]))
        #expect(first.content(of: bytes("a"), now: start) == .missing)
        #expect(first.content(of: bytes("b"), now: start) == .value(bytes("2")))
        let write = first.write(now: start) { $0 }
        #expect(write.removal == .everything)
        #expect(write.fields.map(\.name) == [bytes("b")])
    }

    /// Whatever is enqueued, written and fails in whatever order: what arrives, applied in order, is what was enqueued, in order.
    @Test(arguments: 0..<50 as Range<UInt64>)
    func losesAndReordersNothing(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var machine = WriteBehindStateMachine(capacity: 100, concurrency: 3, retryDelay: .milliseconds(10))
        var wanted: [[UInt8]: PendingChange] = [:]
        var arrived: [[UInt8]: PendingChange] = [:]
        var flying: [([UInt8], PendingChange)] = []
        var now = start
        var left = 200
        while left > 0 || machine.count > 0 {
            switch random.next() % 3 {
            case 0 where left > 0:
                left -= 1
                let key = [UInt8(random.next() % 5)]
                var step = random.chance(0.1) ? PendingChange(removesEverything: true) : PendingChange()
                step[[UInt8(random.next() % 3)]] =
                    random.chance(0.3) ? .remove : .set(bytes("\(left)"), deadline: .distantFuture)
                let result13 = machine.enqueue(key, step)
                #expect(result13)
                wanted[key, default: PendingChange()].merge(step)
            case 1:
                switch machine.next(now: now) {
                case .write(let key, let change):
                    #expect(!flying.contains { $0.0 == key })
                    flying.append((key, change))
                case .wait(let moment): now = max(now, moment)
                case .nothing: break
                }
            default:
                guard !flying.isEmpty else { continue }
                let (key, change) = flying.remove(at: Int(random.next() % UInt64(flying.count)))
                let isDone = random.chance(0.6)
                // One that failed may have arrived all the same.
                if isDone || random.chance(0.5) { arrived[key, default: PendingChange()].merge(change) }
                machine.finish(key, isDone ? .done : .failed, now: now)
            }
        }
        for key in wanted.keys {
            for field in 0..<3 as Range<UInt8> {
                let after = arrived[key]?.content(of: [field], now: now) ?? .missing
                #expect(after == wanted[key]?.content(of: [field], now: now) ?? .missing, "seed \(seed)")
            }
        }
    }
}
