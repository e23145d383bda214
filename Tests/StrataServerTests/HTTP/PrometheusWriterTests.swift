import StrataServer
import Testing

@Suite struct PrometheusWriterTests {
    @Test func writesHelpAndTypeBeforeSamples() {
        var writer = PrometheusWriter()
        writer.gauge("cache_entries", help: "Keys held.", [.init(3, labels: [("cache_name", "db0")]), .init(4)])
        #expect(
            writer.text == """
                # HELP cache_entries Keys held.
                # TYPE cache_entries gauge
                cache_entries{cache_name="db0"} 3
                cache_entries 4

                """)
    }

    @Test func counterEndsInTotal() {
        var writer = PrometheusWriter()
        writer.counter("a", help: "A.", [.init(1)])
        writer.counter("b_total", help: "B.", [.init(2)])
        #expect(writer.text.contains("\na_total 1\n"))
        #expect(writer.text.contains("\nb_total 2\n"))
        #expect(!writer.text.contains("total_total"))
    }

    @Test func writesNothing_whenThereAreNoSamples() {
        var writer = PrometheusWriter()
        writer.counter("a", help: "A.", [])
        #expect(writer.text.isEmpty)
    }

    @Test func escapesLabelValues() {
        var writer = PrometheusWriter()
        writer.gauge("a", help: "one\ntwo \\ \"three\"", [.init(1, labels: [("name", "q\"b\\s\nn\tü")])])
        #expect(writer.text.contains("# HELP a one\\ntwo \\\\ \"three\"\n"))
        #expect(writer.text.contains("a{name=\"q\\\"b\\\\s\\nn\tü\"} 1\n"))
    }

    @Test func makesNamesValid() {
        var writer = PrometheusWriter()
        writer.gauge("1 höhe:x", help: "", [.init(1, labels: [("a:b-c", "v")])])
        #expect(writer.text.contains("\n_1_h_he:x{a_b_c=\"v\"} 1\n"))
    }

    @Test func histogramBucketsAreCumulative() {
        var histogram = DurationHistogram(upperBounds: [0.001, 0.01])
        for seconds in [0.0005, 0.001, 0.005, 3] {
            histogram.record(seconds: seconds)
        }
        var writer = PrometheusWriter()
        writer.histogram("t_seconds", help: "T.", histogram, labels: [("cache_name", "x")])
        #expect(
            writer.text == """
                # HELP t_seconds T.
                # TYPE t_seconds histogram
                t_seconds_bucket{cache_name="x",le="0.001"} 2
                t_seconds_bucket{cache_name="x",le="0.01"} 3
                t_seconds_bucket{cache_name="x",le="+Inf"} 4
                t_seconds_sum{cache_name="x"} 3.0065
                t_seconds_count{cache_name="x"} 4

                """)
    }

    @Test(arguments: [
        (0.5, "0.5"), (3, "3"), (-0.25, "-0.25"), (.infinity, "+Inf"), (-.infinity, "-Inf"), (.nan, "NaN"),
        (1e300, "1e+300"),
        (9_007_199_254_740_992, "9007199254740992"),
    ])
    func writesNumbers(value: Double, text: String) {
        var writer = PrometheusWriter()
        writer.gauge("a", help: "", [.init(value)])
        #expect(writer.text.hasSuffix("\na \(text)\n"))
    }

    @Test func everyFamilyIsDescribedOnce() {
        var metrics = ServerMetrics()
        metrics.caches = [CacheMetrics(name: "db0"), CacheMetrics(name: "db1")]
        let lines = metrics.prometheusText().split(separator: "\n")
        let described = lines.filter { $0.hasPrefix("# TYPE ") }.map { $0.split(separator: " ")[2] }
        #expect(Set(described).count == described.count)
        for name in [
            "cache_hits_total", "cache_misses_total", "cache_evictions_total", "cache_request_duration_seconds",
        ] {
            #expect(described.contains(Substring(name)))
        }
        for line in lines where line.hasPrefix("# TYPE ") && line.hasSuffix(" counter") {
            #expect(line.split(separator: " ")[2].hasSuffix("_total"))
        }
    }
}
