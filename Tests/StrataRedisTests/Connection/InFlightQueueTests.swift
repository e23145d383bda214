import NIOCore
import StrataRESP
import Testing

@testable import StrataRedis

@Suite
struct InFlightQueueTests {
    private func at(_ seconds: Int64) -> NIODeadline { .uptimeNanoseconds(UInt64(seconds) * 1_000_000_000) }

    private func finished(_ action: InFlightQueue<String>.Action) -> (String, [RESPValue])? {
        if case .finish(let waiter, let replies) = action { (waiter, replies) } else { nil }
    }

    @Test
    func answersGoToWhomTheyBelong_inOrder() {
        var queue = InFlightQueue<String>()
        _ = queue.append("a", replyCount: 1, deadline: at(1))
        _ = queue.append("b", replyCount: 2, deadline: at(1))
        #expect(queue.outstandingCount == 3)
        #expect(finished(queue.received(.integer(1)))! == ("a", [.integer(1)]))
        #expect(finished(queue.received(.integer(2))) == nil)
        #expect(finished(queue.received(.integer(3)))! == ("b", [.integer(2), .integer(3)]))
        #expect(queue.isEmpty && queue.outstandingCount == 0 && queue.waiterCount == 0)
        guard case .unexpected = queue.received(.null) else {
            Issue.record("an answer to nothing was taken")
            return
        }
    }

    @Test
    func answersOfWhoGaveUpAreDropped() {
        var queue = InFlightQueue<String>()
        let first = queue.append("a", replyCount: 2, deadline: at(1))
        let second = queue.append("b", replyCount: 1, deadline: at(1))
        _ = queue.received(.integer(1))
        #expect(queue.detach(first) == "a")
        #expect(queue.detach(first) == nil)
        #expect(queue.waiterCount == 1 && queue.outstandingCount == 2)
        #expect(finished(queue.received(.integer(2))) == nil)
        #expect(finished(queue.received(.integer(3)))! == ("b", [.integer(3)]))
        #expect(queue.detach(second) == nil)
        #expect(queue.detach(99) == nil)
    }

    @Test
    func thoseWhoseTimeIsUpGo() {
        var queue = InFlightQueue<String>()
        for (name, second) in [("a", 5), ("b", 1), ("c", 3)] as [(String, Int64)] {
            _ = queue.append(name, replyCount: 1, deadline: at(second))
        }
        var (expired, next) = queue.detachExpired(now: at(1))
        #expect(expired == ["b"] && next == at(3))
        (expired, next) = queue.detachExpired(now: at(10))
        #expect(expired == ["a", "c"] && next == nil)
        #expect(queue.outstandingCount == 3 && queue.waiterCount == 0)
        #expect(queue.removeAll().isEmpty)
    }

    /// Any order of events, against a plain list.
    @Test
    func agreesWithAModel() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<200 {
            var queue = InFlightQueue<Int>()
            var model: [(ticket: Int, waiter: Int?, remaining: Int)] = []
            var answered: [Int] = []
            var expected: [Int] = []
            for step in 0..<60 {
                switch Int.random(in: 0..<4, using: &generator) {
                case 0:
                    let count = Int.random(in: 1...3, using: &generator)
                    model.append((queue.append(step, replyCount: count, deadline: at(1)), step, count))
                case 1 where !model.isEmpty:
                    let index = Int.random(in: 0..<model.count, using: &generator)
                    #expect(queue.detach(model[index].ticket) == model[index].waiter)
                    model[index].waiter = nil
                case 2 where Int.random(in: 0..<10, using: &generator) == 0:
                    #expect(queue.removeAll() == model.compactMap(\.waiter))
                    model = []
                default:
                    let action = queue.received(.null)
                    if case .finish(let waiter, _) = action { answered.append(waiter) }
                    guard !model.isEmpty else { continue }
                    model[0].remaining -= 1
                    if model[0].remaining == 0, let waiter = model.removeFirst().waiter { expected.append(waiter) }
                }
                model.removeAll { $0.remaining == 0 }
                #expect(queue.outstandingCount == model.reduce(0) { $0 + $1.remaining })
            }
            #expect(answered == expected)
        }
    }
}

@Suite
struct ReconnectPauseTests {
    @Test
    func doublesUpToTheLongest_withJitterInTheUpperHalf() {
        var pause = ReconnectPause(first: .milliseconds(100), longest: .milliseconds(500))
        #expect([1, 1, 1, 1].map { pause.failed(random: $0) } == [100, 200, 400, 500].map { .milliseconds($0) })
        #expect(pause.failed(random: 0) == .milliseconds(250))
        pause.succeeded()
        #expect(pause.failed(random: 0) == .milliseconds(50))
        #expect(pause.lost(random: 0.5) == .milliseconds(50))
    }
}
