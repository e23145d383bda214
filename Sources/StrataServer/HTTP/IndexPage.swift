import StrataMonitor

/// The page at `/`: that this is Strata, how it is, and where the rest is.
enum IndexPage {
    /// The page for these figures.
    static func html(_ metrics: ServerMetrics, _ report: MapsReport) -> String {
        let hits = report.maps.reduce(0) { $0 + $1.hitTotal }
        let misses = report.maps.reduce(0) { $0 + $1.missTotal }
        let lookups = hits + misses
        let rows = [
            ("Up for", "\(Int(metrics.uptimeSeconds)) s"),
            ("Keys", "\(report.maps.reduce(0) { $0 + $1.count })"),
            ("Memory", "\(metrics.usedMemoryByteCount) bytes"),
            ("Clients", "\(metrics.connectedClientCount)"),
            ("Commands", "\(metrics.processedCommandCount)"),
            (
                "Hit ratio",
                lookups == 0 ? "no lookups yet" : "\(hits * 1000 / lookups / 10).\(hits * 1000 / lookups % 10) %"
            ),
        ]
        return """
            <!doctype html>
            <html lang="en">
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width">
            <title>Strata</title>
            <style>
            body { font: 16px/1.5 system-ui, sans-serif; max-width: 40em; margin: 3em auto; padding: 0 1em; color-scheme: light dark }
            th { text-align: left; font-weight: normal; padding-right: 2em }
            td { font-variant-numeric: tabular-nums }
            </style>
            <h1>Strata</h1>
            <p>A hash cache that speaks Redis' protocol.</p>
            <table>
            \(rows.map { "<tr><th>\($0.0)</th><td>\($0.1)</td></tr>" }.joined(separator: "\n"))
            </table>
            <ul>
            <li><a href="/metrics">/metrics</a>: all figures, for Prometheus</li>
            <li><a href="/debug/maps">/debug/maps</a>: what is known of each map, as JSON</li>
            <li><a href="/healthz">/healthz</a>: answers while the server runs</li>
            </ul>
            </html>

            """
    }
}
