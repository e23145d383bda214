extension AllocationReport {
    /// The report as one page that needs nothing else: no scripts, no fonts, no images.
    public var html: String {
        let name = program.first?.split(separator: "/").last.map(String.init) ?? "this process"
        return """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>\(name.escaped): what it allocated</title>
            <style>
            \(ReportStyle.css)
            </style>
            </head>
            <body>
            <header><h1>\(name.escaped)</h1>
            <p class="quiet">\(program.joined(separator: " ").escaped)</p>
            <p>Watched for \(ReportFigures.time(seconds * 1e9)). \(ending.isEmpty ? "" : "It ended with: " + ending.escaped + ".")</p>
            \(remarks.map { "<p class=\"remark\">\($0.escaped)</p>" }.joined())
            </header>
            \(processIdentifier == 0 ? "" : tiles + growthPlot + growthTable + typeTable + places)
            \(threadTable)
            </body>
            </html>

            """
    }

    private var tiles: String {
        let count = types.reduce(0) { $0 + $1.count }
        let bytes = types.reduce(0) { $0 + $1.bytes }
        let held = types.reduce(0) { $0 + $1.storageBytes }
        let grown = growths.reduce(0) { $0 + $1.count }
        let slowest = growths.map(\.longest).max() ?? 0
        let figures = [
            ("allocations", ReportFigures.count(count)), ("asked for", ReportFigures.bytes(bytes)),
            ("types", ReportFigures.count(types.count)), ("growths", ReportFigures.count(grown)),
            ("longest growth", slowest > 0 ? ReportFigures.time(slowest) : "–"),
            ("in storages at the end", ReportFigures.bytes(held)),
        ]
        return "<dl class=\"tiles\">"
            + figures.map { "<div><dt>\($0.0)</dt><dd>\($0.1)</dd></div>" }.joined() + "</dl>\n"
    }

    private var growthPlot: String {
        let plot = GrowthPlot(storages: storages, seconds: seconds)
        guard !plot.isEmpty else { return "" }
        return "<section><h2>How the largest storages grew</h2>"
            + "<p class=\"quiet\">Capacity over time, each storage a line, each growth a dot; the larger the dot, the longer it took. "
            + "Small arrays are counted below but not drawn.</p>\(plot.markup)</section>\n"
    }

    private var growthTable: String {
        guard !growths.isEmpty else {
            return "<section><h2>Growths</h2><p>No dictionary, set or array grew.</p></section>\n"
        }
        var rows = ""
        for type in growths.prefix(200) {
            let steps = type.growths + type.others
            let details = steps.map { step in
                "<tr><td>\(step.cause)</td><td>\(ReportFigures.count(step.oldCapacity)) → "
                    + "\(ReportFigures.count(step.newCapacity))</td><td>\(ReportFigures.bytes(step.bytes))</td>"
                    + "<td>\(ReportFigures.count(step.count))</td><td>\(step.timed > 0 ? ReportFigures.time(step.nanoseconds / Double(step.timed)) : "–")"
                    + "</td><td>\(step.timed > 0 ? ReportFigures.time(step.longest) : "–")</td></tr>"
            }
            rows +=
                "<details><summary><code>\(type.type.escaped)</code> <span>\(ReportFigures.count(type.count)) growths, up to "
                + "\(ReportFigures.count(type.largest)) elements\(type.longest > 0 ? ", longest " + ReportFigures.time(type.longest) : "")</span></summary>"
                + "<div class=\"scroll\"><table><thead><tr><th>why</th><th>capacity</th><th>bytes</th><th>count</th><th>mean time</th>"
                + "<th>longest</th></tr></thead><tbody>\(details.joined())</tbody></table></div></details>\n"
        }
        return "<section><h2>Growths by type</h2>\n\(rows)</section>\n"
    }

    private var typeTable: String {
        let most = Double(types.first?.bytes ?? 1)
        let rows = types.prefix(200).map { type in
            let share = most > 0 ? Double(type.bytes) / most * 100 : 0
            let figures = [
                ReportFigures.count(type.count), ReportFigures.bytes(type.bytes), ReportFigures.count(type.alive),
                type.lifetime.percentile(0.5).map(ReportFigures.time) ?? "–",
                type.lifetime.percentile(0.99).map(ReportFigures.time) ?? "–",
                type.latency.percentile(0.5).map(ReportFigures.time) ?? "–",
                type.latency.percentile(0.99).map(ReportFigures.time) ?? "–",
            ]
            let bar = "<div class=\"bar\" style=\"width:\(Int(share.rounded(.up)))%\"></div>"
            return "<tr><td><code>\(type.type.escaped)</code>\(bar)</td>" + figures.map { "<td>\($0)</td>" }.joined()
                + "<td>\(HistogramPlot(type.lifetime).markup)</td></tr>"
        }
        return
            "<section><h2>Allocations by type</h2><p class=\"quiet\">Counts and bytes are exact; times are of one allocation in "
            + "\(samplingInterval). The small plots show how long objects lived, from a microsecond on the left to an hour on the right.</p>"
            + "<div class=\"scroll\"><table><thead><tr><th>type</th><th>count</th><th>bytes</th><th>alive</th><th>lived p50</th>"
            + "<th>p99</th><th>call p50</th><th>p99</th><th>lifetimes</th></tr></thead><tbody>\(rows.joined())</tbody></table></div></section>\n"
    }

    private var places: String {
        guard !backtraces.isEmpty else { return "" }
        let items = backtraces.prefix(100).map { place in
            "<details><summary><code>\(place.type.escaped)</code> <span>\(ReportFigures.count(place.count)) "
                + "\(place.isStorage ? "storages" : "sampled objects"), \(ReportFigures.bytes(place.bytes))</span></summary><ol>"
                + place.frames.map { "<li><code>\($0.escaped)</code></li>" }.joined() + "</ol></details>\n"
        }
        return "<section><h2>Where they came from</h2>\(items.joined())</section>\n"
    }

    private var threadTable: String {
        guard !threads.isEmpty else { return "" }
        let rows = threads.sorted { $0.onProcessor > $1.onProcessor }.prefix(200).map { thread in
            "<tr><td>\(thread.name.escaped) (\(thread.identifier))</td><td>\(ReportFigures.time(thread.onProcessor * 1e9))</td>"
                + "<td>\(thread.isDelayed ? "<strong>\(ReportFigures.time(thread.waiting * 1e9))</strong>" : ReportFigures.time(thread.waiting * 1e9))</td>"
                + "<td>\(Int(thread.worstDelay * 100)) %</td><td>\(thread.running)</td><td>\(thread.sleeping)</td><td>\(thread.blocked)</td></tr>"
        }
        return
            "<section><h2>Threads</h2><p class=\"quiet\">Ready and waiting: time in which a thread could have run and got no processor, as "
            + "the scheduler counts it; bold where that was more than a tenth.</p><div class=\"scroll\"><table><thead><tr><th>thread</th>"
            + "<th>on processor</th><th>ready, waiting</th><th>worst</th><th>running</th><th>sleeping</th><th>blocked</th></tr></thead>"
            + "<tbody>\(rows.joined())</tbody></table></div></section>\n"
    }
}

extension String {
    /// With the characters replaced that mean something in markup.
    var escaped: String {
        var text = ""
        for character in self {
            switch character {
            case "&": text += "&amp;"
            case "<": text += "&lt;"
            case ">": text += "&gt;"
            case "\"": text += "&quot;"
            default: text.append(character)
            }
        }
        return text
    }
}
