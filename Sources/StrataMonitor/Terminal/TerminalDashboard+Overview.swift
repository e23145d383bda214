extension TerminalDashboard {
    /// Everything at a glance, from the most to the least important.
    func overview(_ snapshot: DashboardSnapshot, room: Int) -> [TerminalLine] {
        let state = snapshot.state
        var blocks = [figures(snapshot)]
        let rowCount = min(max((room - 22) / 2, 4), 12)
        blocks.append(heat(snapshot.points, snapshot.events, snapshot.bounds, rowCount: height == nil ? 10 : rowCount))
        blocks.append(tiers(state))
        blocks.append(forecasts(state.forecasts))
        blocks.append(maps(state.maps, limit: max(min(room / 4, 12), 3)))
        blocks.append(hotKeys(state.hotKeys, limit: 5))
        blocks.append(memory(state.memory))
        blocks.append(shards(state.shards))
        var lines: [TerminalLine] = []
        for block in blocks where !block.isEmpty {
            // A block that isn't seen whole says little.
            guard lines.count + block.count <= room || lines.isEmpty else { continue }
            lines += block
            if lines.count < room { lines.append(TerminalLine()) }
        }
        return lines
    }

    // MARK: Numbers

    private func figures(_ snapshot: DashboardSnapshot) -> [TerminalLine] {
        let state = snapshot.state
        let points = snapshot.points
        let memory =
            state.memory.limit.map { "of \(Readable.bytes($0))" } ?? "no limit"
        let load = state.load.map { "load \(Readable.percent($0.value))" } ?? ""
        let cells: [(String, String, String, [Double?], Double?)] = [
            ("Requests", Readable.count(state.requestsPerSecond) + "/s", "", points.map(\.requests), nil),
            ("Hit ratio", Readable.percent(state.hitRatio), "", points.map { ratio($0, state) }, 1),
            ("P99", Readable.latency(state.quantiles.p99), "", points.map(\.p99), nil),
            ("Entries", Readable.count(state.entries), "", points.map { Double($0.entries) }, nil),
            (
                "Memory", Readable.bytes(state.memory.used), memory, points.map { Double($0.memory) },
                state.memory.limit.map(Double.init)
            ),
            ("Clients", "\(state.connections.open)", load, points.map { $0.clients.map(Double.init) }, nil),
        ]
        let perLine = width >= 96 ? 3 : width >= 60 ? 2 : 1
        let size = width / perLine
        return stride(from: 0, to: cells.count, by: perLine).map { start in
            var line = TerminalLine()
            for (index, cell) in cells[start..<min(start + perLine, cells.count)].enumerated() {
                line.pad(to: index * size)
                line.add(TerminalLine.fitted(cell.0, to: 10), .soft)
                line.add(TerminalLine.fitted(cell.1, to: 10), .strong)
                let note = TerminalLine.width(of: cell.2)
                let free = size - 22 - (note > 0 && size >= 44 ? note + 1 : 0)
                line.add(TerminalPictures.spark(cell.3, width: max(min(free, 30), 0), top: cell.4), .one)
                if note > 0, size >= 44 { line.add(" " + cell.2, .soft) }
            }
            return line
        }
    }

    private func ratio(_ point: DashboardPoint, _ state: DashboardState) -> Double? {
        guard point.tiers.contains(where: { $0 != nil }) else { return nil }
        return zip(point.tiers, state.tiers).reduce(0) { $0 + ($1.1.isMiss ? 0 : $1.0 ?? 0) }
    }

    // MARK: Who answered

    private func tiers(_ state: DashboardState) -> [TerminalLine] {
        guard state.lookups > 0 else {
            return wrapped("", "Nobody has looked anything up in the last minute.", .soft)
        }
        var line = TerminalLine(TerminalLine.fitted("Answered", to: 10), .soft)
        let fills = ["█", "▓", "▒", "░"]
        let size = max(min(width - 12, 60), 10)
        var left = size
        for (index, tier) in state.tiers.enumerated() {
            let length = min(Int(((tier.share ?? 0) * Double(size)).rounded()), left)
            left -= length
            let fill = tier.isMiss ? "·" : fills[min(index, 3)]
            line.add(String(repeating: fill, count: length), tier.isMiss ? .soft : index % 2 == 0 ? .one : .two)
        }
        let legend = state.tiers.enumerated().map { index, tier -> [(String, TerminalLine.Style)] in
            let fill = tier.isMiss ? "·" : fills[min(index, 3)]
            return [("\(fill) \(tier.label) \(Readable.percent(tier.share))", .plain)]
        }
        let open = state.breakers.filter { $0.state != "closed" }
        return [line]
            + flowed("", legend + open.map { [("breaker \($0.name): \($0.state)", TerminalLine.Style.critical)] })
    }

    private func forecasts(_ forecasts: [DashboardForecast]) -> [TerminalLine] {
        forecasts.prefix(2).flatMap { forecast in
            var line = TerminalLine(TerminalLine.fitted("Forecast", to: 10), .soft)
            line.add(TerminalPictures.meter(forecast.level / max(forecast.limit, 1e-9), width: 20), .one)
            let style: TerminalLine.Style =
                forecast.warning == "critical" ? .critical : forecast.warning == "warning" ? .warning : .plain
            let text = "\(forecast.title): \(forecast.text)"
            guard line.width + 2 + TerminalLine.width(of: text) > width else {
                line.add("  " + text, style)
                return [line]
            }
            return [line] + wrapped(String(repeating: " ", count: 10), text, style)
        }
    }

    // MARK: Lists

    private func maps(_ maps: [DashboardState.MapLine], limit: Int) -> [TerminalLine] {
        guard !maps.isEmpty else { return [] }
        let name = max(min(maps.map { TerminalLine.width(of: $0.name) }.max() ?? 0, width / 3), 8)
        var head = TerminalLine("  " + TerminalLine.fitted("Map", to: name), .soft)
        head.add("   entries    memory       /s   hits  load factor", .soft)
        // The selected one is always among those that are shown.
        let chosen = min(max(selected, 0), maps.count - 1)
        let first = max(min(chosen - limit + 1, maps.count - limit), 0)
        return [head]
            + maps.indices[first..<min(first + limit, maps.count)].map { index in
                let map = maps[index]
                let isChosen = isInteractive && index == chosen
                var line = TerminalLine(
                    (isChosen ? "▸ " : "  ") + TerminalLine.fitted(map.name, to: name), isChosen ? .selected : .strong)
                line.add(
                    right(Readable.count(map.count), 10) + right(map.bytes > 0 ? Readable.bytes(map.bytes) : "", 10))
                line.add(right(map.requestsPerSecond.map { Readable.count($0) } ?? "", 9))
                line.add(right(map.hitRatio.map { Readable.percent($0) } ?? "–", 7) + "  ")
                if map.capacity > 0 {
                    line.add(TerminalPictures.meter(map.loadFactor, width: 10), .one)
                    line.add(" " + Readable.percent(map.loadFactor) + (map.isMoving ? ", growing" : ""), .soft)
                }
                return line
            }
    }

    /// The keys asked for most.
    func hotKeys(_ hot: DashboardState.HotKeyList, limit: Int) -> [TerminalLine] {
        if let hidden = hot.hidden { return wrapped("", "Hot keys: \(hidden)", .soft) }
        guard hot.total > 0, !hot.keys.isEmpty else { return [] }
        let name = max(min(width / 3, 40), 10)
        let size = max(width - name - 14, 4)
        let most = hot.keys.map { ($0.count + 2 * $0.samplingError) / hot.total }.max() ?? 1
        return wrapped("", "Hot keys in \(hot.map), share of the requests of the last minute", .soft)
            + hot.keys.prefix(limit).map { key in
                var line = TerminalLine("  " + TerminalLine.fitted(key.text, to: name) + " ")
                let low = max(key.count - key.overcount - 2 * key.samplingError, 0) / hot.total
                let high = (key.count + 2 * key.samplingError) / hot.total
                line.add(
                    TerminalPictures.bar(key.share / most, from: low / most, to: high / most, width: min(size, 40)),
                    .one)
                line.add(" " + Readable.percent(key.share))
                return line
            }
    }

    private func memory(_ memory: DashboardState.Memory) -> [TerminalLine] {
        let parts = memory.parts.filter { $0.bytes > 0 }
        guard !parts.isEmpty else { return [] }
        let sum = max(parts.reduce(0) { $0 + $1.bytes }, 1)
        return flowed(
            "Memory",
            parts.map { part in
                let share = Readable.percent(Double(part.bytes) / Double(sum))
                return [("\(part.name) ", .plain), ("\(Readable.bytes(part.bytes)) (\(share))", .strong)]
            })
    }

    /// How evenly a map is used.
    func shards(_ shards: DashboardState.Shards) -> [TerminalLine] {
        guard shards.counts.contains(where: { $0 > 0 }), let imbalance = shards.imbalance else { return [] }
        var line = TerminalLine(TerminalLine.fitted("Shards", to: 10), .soft)
        let size = min(shards.counts.count, max(width - 50, 8))
        line.add(TerminalPictures.spark(shards.counts.map(Double.init), width: size), .one)
        line.add("  fullest \(Readable.count(imbalance)) × the mean")
        if let busiest = shards.requestImbalance { line.add(", busiest \(Readable.count(busiest)) ×") }
        return [line]
    }

    /// Pieces beside each other, each whole, over as many lines as they take.
    private func flowed(_ title: String, _ pieces: [[(text: String, style: TerminalLine.Style)]]) -> [TerminalLine] {
        var lines = [TerminalLine(TerminalLine.fitted(title, to: 10), .soft)]
        for piece in pieces {
            let own = piece.reduce(0) { $0 + TerminalLine.width(of: $1.text) }
            if lines[lines.count - 1].width + own > width, lines[lines.count - 1].width > 10 {
                lines.append(TerminalLine(String(repeating: " ", count: 10)))
            }
            for (text, style) in piece { lines[lines.count - 1].add(text, style) }
            lines[lines.count - 1].add("   ")
        }
        return lines
    }

    /// A text at the right end of so many columns.
    func right(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(width - TerminalLine.width(of: text), 1)) + text
    }
}
