import Foundation
import StrataMonitor
import StrataServer

/// `strata top` at a terminal: draws, listens to keys, follows the terminal's size, and leaves it as it was.
///
/// Everything that happens, a key, a new size, an answer, a signal, comes through one stream and is handled in order.
struct TopSession {
    /// Something that happened.
    private enum Occurrence: Sendable {
        case keys([TerminalKey])
        case resize
        case signal(Int32)
        case answer(Result<DashboardSnapshot, DashboardClient.Failure>)
        case detail(DashboardMap?)
    }

    let client: DashboardClient
    let interval: Double

    /// Runs until somebody quits.
    func run() async throws {
        let (occurrences, sink) = AsyncStream.makeStream(of: Occurrence.self)
        let sources = listen(sink)
        let terminal = TerminalMode()
        terminal.enter()
        let asking = Task { await ask(sink) }
        var state = Screen(hasColours: Self.hasColours)
        state.draw()
        var signal: Int32?
        for await occurrence in occurrences {
            switch occurrence {
            case .keys(let keys):
                for key in keys where !state.isOver { state.handle(key) }
                if case .map(let name) = state.view { fetch(name, sink) }
            case .resize: state.isCleared = false
            case .signal(let number):
                signal = number
                state.isOver = true
            case .answer(let answer):
                state.take(answer)
                if case .map(let name) = state.view { fetch(name, sink) }
            case .detail(let detail): state.detail = detail ?? state.detail
            }
            if state.isOver { break }
            state.draw()
        }
        asking.cancel()
        for source in sources { source.cancel() }
        terminal.restore()
        if let signal, signal != SIGINT { exit(128 + signal) }
    }

    /// Colours where the terminal has them and nobody has asked for none (no-color.org).
    private static var hasColours: Bool {
        (ProcessInfo.processInfo.environment["NO_COLOR"] ?? "").isEmpty
    }

    private func ask(_ sink: AsyncStream<Occurrence>.Continuation) async {
        while !Task.isCancelled {
            do throws(DashboardClient.Failure) {
                sink.yield(.answer(.success(try await client.snapshot())))
            } catch {
                sink.yield(.answer(.failure(error)))
            }
            try? await Task.sleep(for: .seconds(interval))
        }
    }

    private func fetch(_ name: String, _ sink: AsyncStream<Occurrence>.Continuation) {
        Task {
            // A server that is away is noticed by the other question.
            let detail = try? await client.map(name)
            sink.yield(.detail(detail))
        }
    }

    private func listen(_ sink: AsyncStream<Occurrence>.Continuation) -> [any DispatchSourceProtocol] {
        let queue = DispatchQueue(label: "strata.top")
        let signals: [any DispatchSourceProtocol] = [SIGINT, SIGTERM, SIGHUP, SIGWINCH].map { number in
            Foundation.signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler { sink.yield(number == SIGWINCH ? .resize : .signal(number)) }
            source.resume()
            return source
        }
        let input = DispatchSource.makeReadSource(fileDescriptor: STDIN_FILENO, queue: queue)
        input.setEventHandler {
            var bytes = [UInt8](repeating: 0, count: 256)
            let count = read(STDIN_FILENO, &bytes, bytes.count)
            // The end of the input is the end of the terminal.
            sink.yield(count > 0 ? .keys(TerminalKey.keys(in: Array(bytes[..<count]))) : .signal(SIGHUP))
        }
        input.resume()
        return signals + [input]
    }

    /// What is seen, and what keys do to it.
    private struct Screen {
        let hasColours: Bool
        var view = TerminalDashboard.View.overview
        var detail: DashboardMap?
        var isOver = false
        /// Whether nothing of another size is left on the screen.
        var isCleared = false
        private var snapshot: DashboardSnapshot?
        private var connection = TerminalDashboard.Connection.live
        private var selected = 0
        private var isHeld = false
        private var before: TerminalDashboard.View = .overview

        init(hasColours: Bool) { self.hasColours = hasColours }

        mutating func take(_ answer: Result<DashboardSnapshot, DashboardClient.Failure>) {
            switch answer {
            case .success(let new):
                connection = .live
                if !isHeld { snapshot = new }
            case .failure(let failure): connection = .away(failure.description)
            }
        }

        mutating func handle(_ key: TerminalKey) {
            if view == .help {
                isOver = key == .end
                view = before
                return
            }
            let maps = snapshot?.state.maps ?? []
            switch key {
            case .character("q"), .character("Q"), .end: isOver = true
            case .character("?"), .character("h"):
                before = view
                view = .help
            case .character("p"), .character(" "): isHeld.toggle()
            case .up, .character("k"): selected = max(min(selected, maps.count - 1) - 1, 0)
            case .down, .character("j"): selected = min(selected + 1, max(maps.count - 1, 0))
            case .enter, .right:
                if view == .overview, !maps.isEmpty { view = .map(maps[min(selected, maps.count - 1)].name) }
            case .escape, .left: view = .overview
            default: break
            }
        }

        mutating func draw() {
            let size = TerminalSize.current ?? TerminalSize(columns: 80, lines: 24)
            var dashboard = TerminalDashboard(width: size.columns, height: size.lines)
            dashboard.view = view
            dashboard.selected = selected
            dashboard.connection = connection
            var text = isCleared ? "\u{1b}[H" : "\u{1b}[2J\u{1b}[H"
            isCleared = true
            // Each line is written over the one before it, and the rest of it cleared: nothing flickers.
            let lines = dashboard.lines(snapshot, detail: detail).map {
                $0.text(limit: size.columns, hasColours: hasColours) + "\u{1b}[K"
            }
            text += lines.prefix(size.lines).joined(separator: "\r\n") + "\u{1b}[J"
            TerminalMode.write(text)
        }
    }
}
