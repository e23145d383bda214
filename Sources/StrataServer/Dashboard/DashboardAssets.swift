import Hummingbird
import NIOCore

/// The files of the page, which are part of the program: it works without a network and as a lone file.
enum DashboardAssets {
    /// One file.
    struct Asset: Sendable {
        let body: ByteBuffer
        let contentType: String
        /// What tells this content from any other.
        let tag: String

        init(_ bytes: [UInt8], _ contentType: String) {
            body = ByteBuffer(bytes: bytes)
            self.contentType = contentType
            // FNV-1a: only changes are to be noticed.
            let hash = bytes.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
            tag = "\"\(String(hash, radix: 16))\""
        }
    }

    /// The page itself.
    static let index = Asset(PackageResources.index_html, "text/html; charset=utf-8")

    /// What it loads, by name.
    static let files: [String: Asset] = {
        let script = "text/javascript; charset=utf-8"
        return [
            "app.js": Asset(PackageResources.app_js, script),
            "bars.js": Asset(PackageResources.bars_js, script),
            "cursor.js": Asset(PackageResources.cursor_js, script),
            "dom.js": Asset(PackageResources.dom_js, script),
            "events.js": Asset(PackageResources.events_js, script),
            "format.js": Asset(PackageResources.format_js, script),
            "heatmap.js": Asset(PackageResources.heatmap_js, script),
            "mapview.js": Asset(PackageResources.mapview_js, script),
            "overview.js": Asset(PackageResources.overview_js, script),
            "panels.js": Asset(PackageResources.panels_js, script),
            "scale.js": Asset(PackageResources.scale_js, script),
            "stream.js": Asset(PackageResources.stream_js, script),
            "theme.js": Asset(PackageResources.theme_js, script),
            "timechart.js": Asset(PackageResources.timechart_js, script),
            "dashboard.css": Asset(PackageResources.dashboard_css, "text/css; charset=utf-8"),
            "icon.svg": Asset(PackageResources.icon_svg, "image/svg+xml"),
        ]
    }()

    /// What the page may do: load its own files and ask its own server, nothing else.
    static let securityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
}
