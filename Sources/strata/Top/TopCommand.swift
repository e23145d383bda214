import ArgumentParser
import Foundation
import StrataMonitor
import StrataServer

/// `strata top`.
struct TopCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "top",
        abstract: "Watch a server in the terminal: what its dashboard shows.",
        discussion: """
            Shows whether the server is well and why not, requests, hit ratios, latencies by time, what is going to be full, the maps, \
            hot keys and more, refreshed once a second. The URL is that of its HTTP side, as 'strata serve' prints it.

            Keys: q quits, up and down choose a map, Enter opens it, Esc goes back, p holds the picture, ? helps.

            When the server goes away, the last picture stays and the command tries again. With --once it prints one picture as plain text \
            and ends, with status 1 if there is no server.

            Examples:

              strata top
              strata top http://127.0.0.1:9090
              strata top --once
            """)

    @Argument(help: ArgumentHelp("The server's HTTP side.", valueName: "url"))
    var url = "http://127.0.0.1:8080"
    @Option(help: ArgumentHelp("How many seconds lie between two pictures, 0.2 to 3600.", valueName: "seconds"))
    var interval = 1.0
    @Flag(help: "Print one picture as plain text and end.")
    var once = false

    func validate() throws {
        guard interval >= 0.2, interval <= 3600 else {
            throw ValidationError("--interval: \(interval) is not between 0.2 and 3600 seconds")
        }
    }

    func run() async throws {
        let client: DashboardClient
        do {
            client = try DashboardClient(url: url)
        } catch {
            throw ValidationError("url: \(error)")
        }
        if once {
            try await printOnce(client)
        } else if ProcessInfo.processInfo.environment["TERM"] == "dumb" {
            throw ValidationError("a terminal of TERM=dumb can't be drawn on; --once prints one picture as plain text")
        } else if isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 {
            try await TopSession(client: client, interval: interval).run()
        } else {
            throw ValidationError("there is no terminal to draw on; --once prints one picture as plain text")
        }
    }

    private func printOnce(_ client: DashboardClient) async throws {
        do throws(DashboardClient.Failure) {
            let columns = ProcessInfo.processInfo.environment["COLUMNS"].flatMap { Int($0) }
            var screen = TerminalDashboard(width: columns ?? TerminalSize.current?.columns ?? 100, height: nil)
            screen.isInteractive = false
            for line in screen.lines(try await client.snapshot()) {
                print(line.text(limit: screen.width, hasColours: false).trimmingEnd())
            }
        } catch {
            FileHandle.standardError.write(Data("Error: \(error)\n".utf8))
            throw ExitCode.failure
        }
    }
}

extension String {
    /// The text without spaces at its end.
    fileprivate func trimmingEnd() -> String {
        guard let last = lastIndex(where: { $0 != " " }) else { return "" }
        return String(self[...last])
    }
}
