import StrataMonitor
import Testing

@Suite struct ExpositionWriterTests {
    private func text(_ families: [MetricFamily], _ format: ExpositionFormat = .prometheus, limit: Int = 1000) -> String
    {
        String(decoding: ExpositionWriter.text(families, format: format, seriesLimit: limit), as: UTF8.self)
    }

    @Test func writesHelpAndTypeBeforeSamples() {
        let family = MetricFamily.gauge(
            "cache_entries", help: "Keys held.", [.init(3, labels: [("cache_name", "db0")]), .init(4)])
        #expect(
            text([family]) == """
                # HELP cache_entries Keys held.
                # TYPE cache_entries gauge
                cache_entries{cache_name="db0"} 3
                cache_entries 4

                """)
    }

    @Test func countersEndInTotal_andOpenMetricsDescribesThemWithout() {
        let families = [MetricFamily.counter("a", help: "A.", [.init(1)]), .counter("b_total", help: "B.", [.init(2)])]
        #expect(text(families).contains("# TYPE a_total counter\na_total 1\n"))
        #expect(!text(families).contains("total_total"))
        #expect(text(families, .openMetrics).contains("# TYPE b counter\nb_total 2\n"))
        #expect(text(families, .openMetrics).hasSuffix("\n# EOF\n"))
        #expect(!text(families).contains("EOF"))
    }

    @Test func writesNothing_whenThereAreNoSamples() { #expect(text([.counter("a", help: "A.", [])]).isEmpty) }

    @Test func escapesWhatWouldBreakLines() {
        let family = MetricFamily.gauge(
            "a", help: "one\ntwo \\ \"three\"", [.init(1, labels: [("name", "q\"b\\s\nn\tü")])])
        #expect(text([family]).contains("# HELP a one\\ntwo \\\\ \"three\"\n"))
        #expect(text([family]).contains("a{name=\"q\\\"b\\\\s\\nn\tü\"} 1\n"))
        #expect(text([family], .openMetrics).contains("# HELP a one\\ntwo \\\\ \\\"three\\\"\n"))
    }

    @Test func makesNamesValid() {
        let family = MetricFamily.gauge("1 höhe:x", help: "", [.init(1, labels: [("a:b-c", "v")])])
        #expect(text([family]).contains("\n_1_h_he:x{a_b_c=\"v\"} 1\n"))
    }

    @Test func histogramBucketsAreCumulative_andHaveExemplarsInOpenMetrics() {
        let exemplar = MetricFamily.Exemplar(labels: [("trace_id", "abc")], value: 0.005, unixTime: 1_700_000_000.25)
        let long = MetricFamily.Exemplar(
            labels: [("trace_id", String(repeating: "x", count: 121))], value: 3, unixTime: 1)
        let histogram = MetricFamily.Histogram(
            bounds: [0.001, 0.01], counts: [2, 1, 1], sum: 3.0065, exemplars: [1: exemplar, 2: long])
        let family = MetricFamily.histogram("t_seconds", help: "T.", [.init(histogram, labels: [("cache_name", "x")])])
        #expect(
            text([family]) == """
                # HELP t_seconds T.
                # TYPE t_seconds histogram
                t_seconds_bucket{cache_name="x",le="0.001"} 2
                t_seconds_bucket{cache_name="x",le="0.01"} 3
                t_seconds_bucket{cache_name="x",le="+Inf"} 4
                t_seconds_sum{cache_name="x"} 3.0065
                t_seconds_count{cache_name="x"} 4

                """)
        let open = text([family], .openMetrics)
        #expect(open.contains("le=\"0.01\"} 3 # {trace_id=\"abc\"} 0.005 1700000000.25\n"))
        // Longer than the format allows.
        #expect(open.contains("le=\"+Inf\"} 4\n"))
    }

    @Test(arguments: [
        (0.5, "0.5"), (3, "3"), (-0.25, "-0.25"), (.infinity, "+Inf"), (-.infinity, "-Inf"), (.nan, "NaN"),
        (1e300, "1e+300"), (9_007_199_254_740_992, "9007199254740992"),
    ])
    func writesNumbers(value: Double, text expected: String) {
        #expect(text([.gauge("a", help: "", [.init(value)])]).hasSuffix("\na \(expected)\n"))
    }

    @Test func familiesOfOneNameAreWrittenOnce() {
        let families = [
            MetricFamily.gauge("a", help: "A.", [.init(1, labels: [("n", "1")])]), .gauge("b", help: "B.", [.init(2)]),
            .gauge("a", help: "A again.", [.init(3, labels: [("n", "2")])]),
            .counter("b", help: "No gauge.", [.init(4)]),
        ]
        #expect(
            text(families) == """
                # HELP a A.
                # TYPE a gauge
                a{n="1"} 1
                a{n="2"} 3
                # HELP b B.
                # TYPE b gauge
                b 2

                """)
    }

    @Test func leavesOutWhatIsTooMuch_andSaysSo() {
        let samples = (0..<10).map { MetricFamily.Sample($0, labels: [("n", "\($0)")]) }
        let text = text([.gauge("a", help: "A.", samples)], limit: 4)
        #expect(text.contains("a{n=\"3\"} 3\n"))
        #expect(!text.contains("a{n=\"4\"}"))
        #expect(text.hasSuffix("\nstrata_dropped_series 6\n"))
    }

    @Test(arguments: [
        (nil, ExpositionFormat.prometheus), ("", .prometheus), ("*/*", .prometheus), ("text/html", .prometheus),
        ("application/openmetrics-text", .openMetrics),
        (
            "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
            .openMetrics
        ),
        ("application/openmetrics-text; version=1.0.0; q=0.3, text/plain;q=0.5", .prometheus),
        ("application/openmetrics-text;version=7.0.0, */*;q=0.1", .prometheus),
        ("application/openmetrics-text;q=0", .prometheus),
        ("TEXT/PLAIN;q=0.5 , Application/OpenMetrics-Text", .openMetrics),
    ])
    func formatFollowsWhatIsAccepted(accept: String?, format: ExpositionFormat) {
        #expect(ExpositionFormat(accepting: accept) == format)
    }
}
