extension LabReport {
    /// The report as one page that needs nothing else: no scripts, no fonts, no images.
    package var html: String {
        let head =
            "<header><h1>\(title.escapedForMarkup)</h1><p>\(summary.escapedForMarkup)</p>\(machineLine)</header>\n"
        return Self.page(title, head + content)
    }

    /// Several reports as one page, with a list of them at the top.
    ///
    /// - Parameters:
    ///   - title: The page's title.
    ///   - reports: The reports in the order they are shown.
    /// - Returns: The page.
    package static func page(title: String, _ reports: [LabReport]) -> String {
        var body = "<header><h1>\(title.escapedForMarkup)</h1>\(reports.first?.machineLine ?? "")<nav><ul>"
        for (index, report) in reports.enumerated() {
            body += "<li><a href=\"#report-\(index)\">\(report.title.escapedForMarkup)</a></li>"
        }
        body += "</ul></nav></header>\n"
        for (index, report) in reports.enumerated() {
            body += "<article id=\"report-\(index)\"><h1>\(report.title.escapedForMarkup)</h1>"
            body += "<p>\(report.summary.escapedForMarkup)</p>"
            // What the reports have in common stands at the top of the page.
            let isSame =
                report.machine.commit == reports[0].machine.commit && report.machine.date == reports[0].machine.date
            body += isSame ? "" : report.machineLine
            body += report.content + "</article>\n"
        }
        return page(title, body)
    }

    private var machineLine: String {
        let time = seconds > 0 ? " · took \(Figures.fixed(seconds, 0)) s" : ""
        return "<p class=\"machine\">\((machine.line + time).escapedForMarkup)</p>"
    }

    /// The sections.
    private var content: String {
        var body = ""
        let palette = Palette(sections)
        for section in sections where !section.isEmpty {
            body += "<section><h2>\(section.title.escapedForMarkup)</h2>\n"
            if !section.note.isEmpty { body += "<p class=\"note\">\(section.note.escapedForMarkup)</p>\n" }
            if !section.points.isEmpty {
                let items = section.points.map { "<li>\($0.escapedForMarkup)</li>" }
                body += "<ul>\(items.joined())</ul>\n"
            }
            for chart in section.bars {
                body += figure("\(chart.title), \(chart.shortUnit)", BarPlot(chart, palette).markup, chart.table)
            }
            for chart in section.lines {
                body += figure(
                    chart.title, LinePlot(chart, palette).svg, chart.isReadableAsText ? chart.textTable : nil)
            }
            for table in section.tables {
                body += "<figure>"
                body += table.title.isEmpty ? "" : "<figcaption>\(table.title.escapedForMarkup)</figcaption>"
                body += table.html + "</figure>\n"
            }
            body += "</section>\n"
        }
        return body
    }

    private static func page(_ title: String, _ body: String) -> String {
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>\(title.escapedForMarkup)</title>
        <style>
        \(PageStyle.css)
        </style>
        </head>
        <body>
        \(body)</body>
        </html>

        """
    }

    /// A plot with its figures below it, folded away.
    private func figure(_ title: String, _ svg: String, _ table: FigureTable?) -> String {
        var text = "<figure><figcaption>\(title.escapedForMarkup)</figcaption>\n\(svg)\n"
        if let table { text += "<details><summary>Figures</summary>\(table.html)</details>" }
        return text + "</figure>\n"
    }
}

extension BarChart {
    /// The bars as a table.
    var table: FigureTable {
        FigureTable(
            columns: ["", unit, "lowest", "highest", "× \(base)"],
            rows: groups.flatMap { group in
                group.bars.map { bar in
                    [
                        "\(group.title): \(bar.subject)", Figures.short(bar.samples.median),
                        Figures.short(bar.samples.smallest), Figures.short(bar.samples.largest),
                        ratio(of: bar, in: group).map { Figures.fixed($0, 2) } ?? "",
                    ]
                }
            })
    }
}

extension FigureTable {
    /// The table as markup.
    var html: String {
        let head = columns.map { "<th>\($0.escapedForMarkup)</th>" }.joined()
        let body = rows.map { row in
            "<tr>" + row.map { "<td>\($0.escapedForMarkup)</td>" }.joined() + "</tr>"
        }.joined(separator: "\n")
        return "<div class=\"scroll\"><table><thead><tr>\(head)</tr></thead><tbody>\n\(body)\n</tbody></table></div>"
    }
}

extension String {
    /// The text with what markup would take for its own replaced.
    var escapedForMarkup: String {
        var result = ""
        for character in self {
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            default: result.append(character)
            }
        }
        return result
    }
}
