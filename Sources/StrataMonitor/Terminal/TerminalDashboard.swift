/// The dashboard as lines of text.
///
/// A value: the same snapshot and size always make the same lines. The first lines say whether all is well; what doesn't fit below is left out, the least
/// important first.
package struct TerminalDashboard: Sendable {
    /// What is looked at.
    package enum View: Hashable, Sendable {
        /// Everything.
        case overview
        /// One map.
        case map(String)
        /// What the keys do.
        case help
    }

    /// How the connection to the server is.
    package enum Connection: Hashable, Sendable {
        /// Figures are coming in.
        case live
        /// The server is away; why.
        case away(String)
    }

    /// Columns.
    package var width: Int
    /// Lines; `nil` for as many as there is something to show on.
    package var height: Int?
    /// What is looked at.
    package var view = View.overview
    /// Which map of the list is selected.
    package var selected = 0
    /// How the connection is.
    package var connection = Connection.live
    /// Whether there is somebody who can press keys.
    package var isInteractive = true

    /// A dashboard of some size.
    package init(width: Int, height: Int?) {
        self.width = max(width, 20)
        self.height = height.map { max($0, 4) }
    }

    /// The lines.
    ///
    /// - Parameters:
    ///   - snapshot: What the server said; `nil` before it said anything.
    ///   - detail: The map of ``View/map(_:)``, once it is known.
    /// - Returns: At most ``height`` lines; cut them to ``width`` when writing.
    package func lines(_ snapshot: DashboardSnapshot?, detail: DashboardMap? = nil) -> [TerminalLine] {
        var lines: [TerminalLine]
        if view == .help {
            lines = help()
        } else if let snapshot {
            lines = header(snapshot.state) + health(snapshot.state.health)
            switch view {
            case .map(let name): lines += map(name, detail, snapshot, room: room(after: lines))
            default: lines += overview(snapshot, room: room(after: lines))
            }
        } else {
            lines = [TerminalLine("Strata", .strong)] + away()
        }
        guard let height else { return lines }
        let footer = isInteractive ? [TerminalLine(keys, .soft)] : []
        lines = Array(lines.prefix(height - footer.count))
        while lines.count < height - footer.count { lines.append(TerminalLine()) }
        return lines + footer
    }

    private var keys: String {
        let isNarrow = width < 50
        return switch view {
        case .overview: isNarrow ? "q quit  ↑↓ Enter map  ? help" : "q quit   ↑↓ choose a map   Enter open it   ? help"
        case .map: "q quit   Esc back   ? help"
        case .help: "any key: back"
        }
    }

    private func room(after lines: [TerminalLine]) -> Int {
        height.map { max($0 - lines.count - (isInteractive ? 1 : 0), 0) } ?? 200
    }

    private func help() -> [TerminalLine] {
        let rows = [
            ("↑ ↓", "choose a map in the list"), ("Enter →", "look at the map"), ("Esc ←", "back to everything"),
            ("p", "hold the picture, and go on"), ("?", "this page"), ("q, Ctrl-C", "quit"),
        ]
        return [TerminalLine("Keys", .strong), TerminalLine()]
            + rows.map { key, text in
                var line = TerminalLine("  " + TerminalLine.fitted(key, to: 12), .strong)
                line.add(text)
                return line
            } + [
                TerminalLine(),
                TerminalLine("Latencies: columns are seconds, rows are durations, darker is more.", .soft),
                TerminalLine("Hot keys: █ for certain, ▓ probably, ░ perhaps.", .soft),
            ]
    }

    // MARK: Above everything

    private func header(_ state: DashboardState) -> [TerminalLine] {
        var line = TerminalLine("Strata", .strong)
        let server = state.server
        var facts = [server.version, server.role, server.address ?? "", "up \(Readable.duration(server.uptime))"]
        facts.removeAll(where: \.isEmpty)
        // Whether figures are coming in matters more than whose they are.
        switch connection {
        case .live: line.add("  ● live", .good)
        case .away: line.add("  ○ reconnecting", .warning)
        }
        line.add("  " + facts.joined(separator: " · "), .soft)
        guard case .away(let reason) = connection else { return [line] }
        return [line] + wrapped("  ", reason, .warning)
    }

    private func away() -> [TerminalLine] {
        guard case .away(let reason) = connection else { return [TerminalLine("Waiting for the server …", .soft)] }
        return wrapped("", "○ reconnecting: \(reason)", .warning)
    }

    private func health(_ health: HealthReport) -> [TerminalLine] {
        let (sign, style): (String, TerminalLine.Style) =
            switch health.level {
            case .good: ("✓", .good)
            case .warning: ("!", .warning)
            case .critical: ("✕", .critical)
            }
        let limit = height.map { max($0 / 6, 2) } ?? health.reasons.count
        return [TerminalLine("\(sign) \(health.headline)", style)]
            + health.reasons.prefix(limit).flatMap { wrapped("  ", $0.text) } + [TerminalLine()]
    }

    /// A sentence over as many lines as it takes.
    func wrapped(_ indent: String, _ text: String, _ style: TerminalLine.Style = .plain) -> [TerminalLine] {
        var lines: [String] = []
        var line = indent
        for word in text.split(separator: " ") {
            if line.count > indent.count, TerminalLine.width(of: line) + word.count + 1 > width {
                lines.append(line)
                line = indent
            }
            line += (line.count > indent.count ? " " : "") + word
        }
        return (lines + [line]).map { TerminalLine($0, style) }
    }
}
