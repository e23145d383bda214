/// How a report's page looks: in light, in dark, and on paper.
enum PageStyle {
    /// The number of colours for subjects; further ones begin again.
    static let colourCount = 11

    /// The style sheet.
    ///
    /// The first eight colours are the Okabe and Ito set ("Color universal design", 2008), which people with colour blindness can tell apart,
    /// darkened on white and lightened on black until each stands out from its ground.
    static let css = """
        :root { color-scheme: light dark; --ground: #ffffff; --ink: #1d2129; --quiet: #5c6470; --rule: #dfe3e8;
          --c0: #0067a5; --c1: #c75300; --c2: #00795a; --c3: #a8518a; --c4: #8a6d00; --c5: #6a4fb3; --c6: #56606e;
          --c7: #8c2d2d; --c8: #4c8c2b; --c9: #3a87c2; --c10: #b03a68; --grey: #a0a6ae; }
        @media (prefers-color-scheme: dark) {
          :root { --ground: #14171c; --ink: #e7eaee; --quiet: #9aa3af; --rule: #2d333c;
            --c0: #58b0ec; --c1: #f08a4b; --c2: #35c19b; --c3: #df9cc6; --c4: #dcc04a; --c5: #b39ddb; --c6: #b4bcc8;
            --c7: #ef8080; --c8: #9ccc65; --c9: #9fd0f5; --c10: #f48fb1; --grey: #78808b; }
        }
        @media print {
          :root { --ground: #ffffff; --ink: #000000; --quiet: #444444; --rule: #cccccc;
            --c0: #0067a5; --c1: #c75300; --c2: #00795a; --c3: #a8518a; --c4: #8a6d00; --c5: #6a4fb3; --c6: #56606e;
            --c7: #8c2d2d; --c8: #4c8c2b; --c9: #3a87c2; --c10: #b03a68; --grey: #a0a6ae; }
          html { font-size: 11px; }
          body { max-width: none !important; padding: 0 !important; }
          h1, h2, h3, figcaption, .note { break-after: avoid; }
          p { max-width: none; break-inside: avoid; }
          .group, figure > svg, tr { break-inside: avoid; }
          .scroll { overflow: visible !important; }
          details:not([open]), nav { display: none; }
          article + article { break-before: page; }
          article { border-top: none !important; margin-top: 1rem !important; padding-top: 0 !important; }
          * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
        }
        * { box-sizing: border-box; }
        body { margin: 0 auto; max-width: 62rem; padding: 2rem 1.25rem 4rem; background: var(--ground); color: var(--ink);
          font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; }
        h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 .5rem; letter-spacing: -.01em; }
        h2 { font-size: 1.25rem; margin: 2.5rem 0 .5rem; padding-top: 1.25rem; border-top: 1px solid var(--rule); }
        p { margin: .25rem 0 .75rem; max-width: 46rem; }
        .machine { color: var(--quiet); font-size: .875rem; }
        figure { margin: 1.25rem 0 2rem; }
        figcaption { font-weight: 600; margin-bottom: .5rem; }
        h3 { font-size: .8125rem; font-weight: 600; margin: .75rem 0 .125rem; }
        article { margin-top: 3rem; padding-top: 1.5rem; border-top: 3px solid var(--rule); }
        article > section:first-of-type > h2 { border-top: none; padding-top: 0; margin-top: 1.5rem; }
        a { color: var(--c0); }
        nav ul { padding-left: 1.25rem; margin: .5rem 0; }
        svg { display: block; width: 100%; height: auto; }
        svg text { fill: var(--ink); font: 12px system-ui, -apple-system, "Segoe UI", sans-serif;
          font-variant-numeric: tabular-nums; }
        svg .quiet { fill: var(--quiet); }
        svg .name { font-weight: 600; }
        svg .cut { stroke: var(--ground); stroke-width: 4; }
        svg .thin { stroke-width: 1.25; }
        svg .fg { fill: var(--grey); } svg .sg { stroke: var(--grey); }
        svg .rule { stroke: var(--rule); stroke-width: 1; }
        svg .faint { stroke-dasharray: 5 5; stroke-width: 1.5; }
        svg .mark { stroke: var(--quiet); stroke-width: 1; stroke-dasharray: 2 3; }
        svg .range { stroke: var(--ink); stroke-width: 1; opacity: .55; }
        svg .curve { fill: none; stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; }
        svg .dot { stroke: var(--ground); stroke-width: 1; }
        \((0..<colourCount).map { "svg .f\($0) { fill: var(--c\($0)); } svg .s\($0) { stroke: var(--c\($0)); }" }
            .joined(separator: "\n"))
        details { margin-top: .5rem; }
        summary { cursor: pointer; color: var(--quiet); font-size: .875rem; }
        .scroll { overflow-x: auto; }
        table { border-collapse: collapse; font-size: .875rem; font-variant-numeric: tabular-nums; margin-top: .5rem; }
        th, td { text-align: right; padding: .2rem .8rem .2rem 0; border-bottom: 1px solid var(--rule); }
        th { font-weight: 600; color: var(--quiet); vertical-align: bottom; }
        th:first-child, td:first-child { text-align: left; min-width: 16rem; }
        td:last-child, th:last-child { padding-right: 0; }
        """
}
