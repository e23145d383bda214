import Testing

@testable import Strata

@Suite
struct FlightStateMachineTests {
    /// What can happen to one waiter, and to the load.
    private enum Event: CaseIterable {
        case firstWaits
        case firstCancels
        case secondWaits
        case secondCancels
        case finish
    }

    private func permutations(_ events: [Event]) -> [[Event]] {
        guard events.count > 1 else { return [events] }
        return events.indices.flatMap { index -> [[Event]] in
            var rest = events
            let event = rest.remove(at: index)
            return permutations(rest).map { [event] + $0 }
        }
    }

    @Test
    func servesEveryWaiterOnce_inEveryOrderOfEvents() {
        for order in permutations(Event.allCases) {
            var machine = FlightStateMachine<String, Int>()
            let numbers = [machine.makeNumber(), machine.makeNumber()]
            var served = [0: 0, 1: 0]
            var isSuspended: Set<Int> = []
            func wait(_ waiter: Int) {
                switch machine.wait(waiter, number: numbers[waiter]) {
                case .suspend: isSuspended.insert(waiter)
                case .resume(let outcome):
                    #expect(outcome == "done")
                    served[waiter, default: 0] += 1
                case .throwCancellation: served[waiter, default: 0] += 1
                }
            }
            func serve(_ waiter: Int?) {
                guard let waiter else { return }
                #expect(isSuspended.remove(waiter) != nil, "\(order)")
                served[waiter, default: 0] += 1
            }
            for event in order {
                switch event {
                case .firstWaits: wait(0)
                case .secondWaits: wait(1)
                case .firstCancels: serve(machine.cancel(number: numbers[0]))
                case .secondCancels: serve(machine.cancel(number: numbers[1]))
                case .finish: for waiter in machine.finish("done") { serve(waiter) }
                }
            }
            #expect(served == [0: 1, 1: 1], "\(order)")
            #expect(isSuspended.isEmpty, "\(order)")
            #expect(machine.waiterCount == 0)
            #expect(machine.finish("again").isEmpty)
            #expect(machine.outcome == "done")
        }
    }
}
