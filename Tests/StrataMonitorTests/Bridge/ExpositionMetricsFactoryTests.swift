import Metrics
import StrataMonitor
import Testing

@Suite struct ExpositionMetricsFactoryTests {
    private func text(_ factory: ExpositionMetricsFactory) -> String {
        String(decoding: ExpositionWriter.text(factory.families()), as: UTF8.self)
    }

    @Test func keepsTheValuesOfAllInstruments() {
        let factory = ExpositionMetricsFactory()
        Counter(label: "orders.taken", dimensions: [("shop", "north")], factory: factory).increment(by: 2)
        Counter(label: "orders.taken", dimensions: [("shop", "south")], factory: factory).increment(by: 3)
        // Made again, as a program does that doesn't keep its instruments.
        Counter(label: "orders.taken", dimensions: [("shop", "north")], factory: factory).increment(by: 5)
        FloatingPointCounter(label: "kilometres", factory: factory).increment(by: 1.5)
        Gauge(label: "queue", factory: factory).record(7)
        let meter = Meter(label: "level", factory: factory)
        meter.set(4)
        meter.decrement(by: 1.5)
        Timer(label: "render", factory: factory).recordMilliseconds(3)
        Recorder(label: "sizes", factory: factory).record(30)
        let text = text(factory)
        #expect(text.contains("orders_taken_total{shop=\"north\"} 7\norders_taken_total{shop=\"south\"} 3\n"))
        #expect(text.contains("kilometres_total 1.5\n"))
        #expect(text.contains("# TYPE queue gauge\nqueue 7\n"))
        #expect(text.contains("level 2.5\n"))
        #expect(text.contains("render_seconds_bucket{le=\"0.005\"} 1\n"))
        #expect(text.contains("render_seconds_sum 0.003\n"))
        #expect(text.contains("sizes_bucket{le=\"25.0\"} 0\nsizes_bucket{le=\"50.0\"} 1\n"))
    }

    @Test func forgetsWhatIsDestroyed_andRefusesTooMany() {
        let factory = ExpositionMetricsFactory(seriesLimit: 2)
        let first = Counter(label: "a", factory: factory)
        let second = Counter(label: "b", factory: factory)
        Counter(label: "c", factory: factory).increment()
        #expect(factory.droppedInstrumentCount == 1)
        #expect(!text(factory).contains("c_total"))
        #expect(text(factory).contains("strata_dropped_instruments_total 1\n"))
        first.destroy()
        Counter(label: "d", factory: factory).increment()
        #expect(text(factory).contains("d_total 1\n"))
        #expect(!text(factory).contains("a_total"))
        second.increment()
    }

    @Test func losesNothing_whenThreadsRace() async {
        let factory = ExpositionMetricsFactory()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    for _ in 0..<5000 {
                        Counter(label: "a", factory: factory).increment()
                        Meter(label: "b", factory: factory).increment(by: 0.5)
                    }
                }
            }
        }
        #expect(text(factory).contains("a_total 20000\n"))
        #expect(text(factory).contains("\nb 10000\n"))
    }
}
