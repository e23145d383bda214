public import StrataTesting
public import StrataTiering

extension FaultProxy {
    /// Does what a plan says to the connections, until everything in it has ended; the plan begins now.
    ///
    /// | fault | what becomes of it |
    /// |---|---|
    /// | `delay` | each piece takes up to so much longer, each way |
    /// | `dropRequests`, `dropAnswers` | that way of a part of the connections carries nothing, and they are cut at the end |
    /// | `refuse` | a part of the connections are cut, and a part of the new ones refused |
    /// | `breakReports` | all connections are cut at the beginning |
    /// | `halfOpen` | nothing passes, and all connections are cut at the end |
    /// | `reorderReports`, `duplicateReports` | nothing: TCP doesn't do that |
    /// | `flushAll`, `failover` | nothing by itself: they befall what is stored, see `also` |
    ///
    /// - Parameters:
    ///   - plan: What goes wrong, and when.
    ///   - seed: Decides which connections it befalls.
    ///   - clock: What the plan's time passes by.
    ///   - also: Told when an event begins and ends, for what a proxy can't do, such as sending `FLUSHALL`.
    /// - Note: When the task is cancelled, what has begun is mended, and it returns.
    public func run(
        _ plan: FaultPlan, seed: UInt64, clock: TieringClock = .system,
        also: @Sendable (_ event: FaultPlan.Event, _ isBeginning: Bool) async -> Void = { _, _ in }
    ) async {
        links.seed(seed)
        let start = clock.now()
        var steps: [(time: Duration, index: Int, isBeginning: Bool)] = []
        for (index, event) in plan.events.enumerated() {
            steps.append((event.start, index, true))
            steps.append((event.end, index, false))
        }
        steps.sort { ($0.time, $0.index, $0.isBeginning ? 0 : 1) < ($1.time, $1.index, $1.isBeginning ? 0 : 1) }
        var active: Set<Int> = []
        for step in steps {
            guard (try? await clock.sleep(start.advanced(by: step.time))) != nil else { break }
            let event = plan.events[step.index]
            if step.isBeginning {
                active.insert(step.index)
                begin(event.fault, step.index)
            } else {
                active.remove(step.index)
                end(event.fault, step.index)
            }
            await also(event, step.isBeginning)
        }
        for index in active.sorted() {
            end(plan.events[index].fault, index)
            await also(plan.events[index], false)
        }
    }

    private func begin(_ fault: FaultPlan.Fault, _ number: Int) {
        switch fault {
        case .delay(let limit): links.setDelay(limit, number: number)
        case .dropRequests(let part): links.setHold(.init(directions: [.requests], part: part), number: number)
        case .dropAnswers(let part): links.setHold(.init(directions: [.answers], part: part), number: number)
        case .refuse(let part):
            links.refusedPart = part
            links.cut(part: part)
        case .breakReports: links.cut(part: 1)
        case .halfOpen: links.setHold(.init(directions: [.requests, .answers], part: 1), number: number)
        case .reorderReports, .duplicateReports, .flushAll, .failover: break
        }
    }

    private func end(_ fault: FaultPlan.Fault, _ number: Int) {
        switch fault {
        case .delay: links.setDelay(nil, number: number)
        case .dropRequests(let part), .dropAnswers(let part):
            links.cut(part: part)
            links.setHold(nil, number: number)
        case .refuse: links.refusedPart = 0
        case .halfOpen:
            links.cut(part: 1)
            links.setHold(nil, number: number)
        case .breakReports, .reorderReports, .duplicateReports, .flushAll, .failover: break
        }
    }
}
