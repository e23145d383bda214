import StrataRedis
import StrataTesting
import StrataTiering
import Synchronization

extension ChaosRun {
    /// Keys that everybody writes.
    var keys: [[UInt8]] { (0..<12).map { Array("\(options.name):\($0)".utf8) } }
    /// Keys that are loaded, and never written.
    var loadedKeys: [[UInt8]] { (0..<3).map { Array("\(options.name):loaded:\($0)".utf8) } }
    /// A key that one client alone writes, behind.
    func queuedKey(_ node: Int, _ client: Int) -> [UInt8] {
        Array("\(options.name):queued:\(options.firstNode + node).\(client)".utf8)
    }
    /// A key that one client alone counts in.
    func countedKey(_ node: Int, _ client: Int) -> [UInt8] {
        Array("\(options.name):count:\(options.firstNode + node).\(client)".utf8)
    }

    /// What one client does, until it is told that it is over.
    func act(_ index: Int, _ client: Int) async {
        let node = nodes[index]
        var random = SeededRandom(seed: Self.seed &* 1_000_003 &+ UInt64((options.firstNode + index) * 100 + client))
        var number = 0
        while !isOver.withLock({ $0 }) {
            number += 1
            await sleep(random.duration(in: .zero...(.milliseconds(12))))
            let key = keys[Int(random.next() % UInt64(keys.count))]
            let field = Self.fields[Int(random.next() % 2)]
            let value = Array("\(options.firstNode + index).\(client).\(number)".utf8)
            switch random.next() % 15 {
            case 0..<4: await read(index, client, key, field)
            case 4..<6: await write(index, client, key, field, value) { try await node.set(key, field, to: value) }
            case 6: await write(index, client, key, field, nil) { try await node.remove(key, field) }
            case 7:
                await write(index, client, key, field, value) { try await node.set(key, field, to: value) }
                await read(index, client, key, field)
            case 8 where options.writesBehind:
                let own = queuedKey(index, client)
                await write(index, client, own, field, value) {
                    try await node.set(own, field, to: value, options: .init(policy: .writeBehind))
                }
                await read(index, client, own, field)
            case 9: await readAll(index, client, key)
            case 10: await count(index, client)
            case 11:
                // So much that the first tier can't keep it.
                let bytes = [UInt8](repeating: 7, count: 8 << 10)
                _ = try? await node.set(
                    "\(options.name):bulk:\(random.next() % 500)", "f", to: bytes,
                    options: .init(assurance: .bestEffort))
            default: await load(index, client, loadedKeys[Int(random.next() % UInt64(loadedKeys.count))], field)
            }
        }
    }

    private func read(_ index: Int, _ client: Int, _ key: [UInt8], _ field: [UInt8]) async {
        let start = clock.now()
        if let value = nodes[index].peek(key, field) { add(index, client, key, field, .read(value), start) }
        do {
            let value = try await nodes[index].get(key, field)
            add(index, client, key, field, .read(value), start)
        } catch {
            add(index, client, key, field, .read(nil), start, .failed)
        }
    }

    private func readAll(_ index: Int, _ client: Int, _ key: [UInt8]) async {
        let start = clock.now()
        guard let values = try? await nodes[index].getAll(key) else { return }
        for field in Self.fields { add(index, client, key, field, .read(values[field]), start) }
    }

    private func write(
        _ index: Int, _ client: Int, _ key: [UInt8], _ field: [UInt8], _ value: [UInt8]?,
        _ body: () async throws -> TieredWriteOutcome
    ) async {
        let start = clock.now()
        do {
            let outcome = try await body()
            let isDone = outcome.isQueued || outcome.tiers.contains(.remote)
            add(index, client, key, field, .write(value), start, isDone ? .done : .unknown)
        } catch {
            add(index, client, key, field, .write(value), start, .unknown)
        }
    }

    private func count(_ index: Int, _ client: Int) async {
        let key = countedKey(index, client)
        let start = clock.now()
        let isDone = (try? await nodes[index].increment(key, "n", by: 1)) != nil
        increments.withLock { increments in
            if isDone {
                increments[key, default: (0, 0)].done += 1
            } else {
                increments[key, default: (0, 0)].unknown += 1
            }
        }
        checkBudget("an increment", start)
    }

    private func load(_ index: Int, _ client: Int, _ key: [UInt8], _ field: [UInt8]) async {
        let start = clock.now()
        _ = try? await nodes[index].load(key, field) { key, fields in
            let start = self.clock.now()
            await self.sleep(.milliseconds(20))
            for field in fields { self.add(index, client, key, field, .load, start, hasBudget: false) }
            return Dictionary(uniqueKeysWithValues: fields.map { ($0, .value($0, lifetime: .milliseconds(300))) })
        }
        checkBudget("a load", start)
    }

    private func checkBudget(_ what: String, _ start: Instant) {
        let time = start.duration(to: clock.now())
        if time > configuration.callBudget * 1.1 + allowance { violate("budget", "\(what) took \(time)") }
    }

    /// What a busy machine may add to the time of a call: a few wake-ups, each as late as the latest that was seen.
    var allowance: Duration { .milliseconds(30) + oversleep.withLock { $0 } * 3 }

    func add(
        _ index: Int, _ client: Int, _ key: [UInt8], _ field: [UInt8], _ kind: History.Operation.Kind, _ start: Instant,
        _ ending: History.Operation.Ending = .done, hasBudget: Bool = true
    ) {
        history.add(
            .init(
                node: options.firstNode + index, client: client, key: key, field: field, kind: kind, start: start,
                end: clock.now(),
                ending: ending, budget: hasBudget ? configuration.callBudget : nil))
    }

    /// Notes that somebody removed everything between two moments.
    func addFlush(from start: Instant) {
        let end = clock.now()
        for key in keys {
            for field in Self.fields {
                history.add(
                    .init(node: -1, client: 0, key: key, field: field, kind: .write(nil), start: start, end: end))
            }
        }
    }
}
