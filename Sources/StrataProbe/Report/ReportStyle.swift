/// How the page looks, in light and in dark.
enum ReportStyle {
    private static let light = ["#0067a5", "#c75300", "#00795a", "#a8518a", "#8a6d00", "#6a4fb3", "#56606e", "#8c2d2d"]
    private static let dark = ["#58b0ec", "#f08a4b", "#35c19b", "#df9cc6", "#dcc04a", "#b39ddb", "#b4bcc8", "#ef8080"]

    private static func colours(_ colours: [String]) -> String {
        colours.enumerated().map { "--c\($0.offset): \($0.element);" }.joined(separator: " ")
    }

    /// The style sheet.
    ///
    /// Colours are those that people with colour blindness can tell apart (Okabe and Ito, 2008), darkened or lightened.
    static let css = """
        :root { color-scheme: light dark; --ground: #ffffff; --ink: #1d2129; --quiet: #5c6470; --rule: #dfe3e8; \(colours(light)) }
        @media (prefers-color-scheme: dark) {
          :root { --ground: #14171c; --ink: #e7eaee; --quiet: #9aa3af; --rule: #2d333c; \(colours(dark)) }
        }
        * { box-sizing: border-box; }
        body { margin: 0 auto; max-width: 66rem; padding: 2rem 1.25rem 4rem; background: var(--ground); color: var(--ink);
          font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; }
        h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 .25rem; overflow-wrap: anywhere; }
        h2 { font-size: 1.25rem; margin: 2.5rem 0 .5rem; padding-top: 1.25rem; border-top: 1px solid var(--rule); }
        p { margin: .25rem 0 .75rem; max-width: 46rem; overflow-wrap: anywhere; }
        .quiet { color: var(--quiet); font-size: .875rem; }
        .remark { border-left: 3px solid var(--c1); padding-left: .75rem; }
        code { font: .875em ui-monospace, "SF Mono", Menlo, Consolas, monospace; overflow-wrap: anywhere; }
        .tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: .75rem; margin: 1.5rem 0; }
        .tiles div { border: 1px solid var(--rule); border-radius: .5rem; padding: .625rem .875rem; }
        .tiles dt { color: var(--quiet); font-size: .8125rem; }
        .tiles dd { margin: 0; font-size: 1.375rem; font-variant-numeric: tabular-nums; }
        .scroll { overflow-x: auto; }
        table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; font-size: .875rem; }
        th, td { text-align: right; padding: .3125rem .625rem; border-bottom: 1px solid var(--rule); white-space: nowrap; }
        th:first-child, td:first-child { text-align: left; white-space: normal; min-width: 14rem; padding-left: 0; }
        th { color: var(--quiet); font-weight: 500; }
        .bar { height: 3px; background: var(--c0); border-radius: 2px; margin-top: .125rem; }
        details { border-bottom: 1px solid var(--rule); padding: .375rem 0; }
        summary { cursor: pointer; }
        summary span { color: var(--quiet); font-size: .875rem; margin-left: .5rem; }
        details ol { margin: .5rem 0; }
        svg { display: block; width: 100%; min-width: 36rem; height: auto; }
        svg.small { width: 100px; min-width: 100px; height: 22px; }
        svg.small rect { fill: var(--c0); }
        svg text { fill: var(--ink); font: 12px system-ui, -apple-system, "Segoe UI", sans-serif; }
        svg text.quiet { fill: var(--quiet); }
        svg .rule { stroke: var(--rule); stroke-width: 1; }
        svg path { fill: none; stroke-width: 2; stroke-linejoin: round; }
        svg circle { stroke: var(--ground); stroke-width: 1; }
        \((0..<8).map { "svg .p\($0) { stroke: var(--c\($0)); } svg .d\($0), svg text.l\($0) { fill: var(--c\($0)); }" }
            .joined(separator: "\n"))
        """
}
