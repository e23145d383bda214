import Testing

@testable import StrataMonitor

@Suite struct EventJournalTests {
    @Test func keepsTheNewest() {
        let journal = EventJournal(capacity: 4)
        for number in 0..<6 { journal.record(.shrink, "map \(number % 2)", time: Double(number), Double(number), 0.5) }
        let events = journal.events()
        #expect(events.map(\.number) == [2, 3, 4, 5])
        #expect(events.map(\.name) == ["map 0", "map 1", "map 0", "map 1"])
        #expect(events[0] == EventJournal.Event(number: 2, time: 2, kind: .shrink, name: "map 0", figures: [2, 0.5]))
        #expect(journal.events(from: 5).count == 1)
        #expect(journal.events(from: 9).isEmpty)
    }

    @Test func losesOnlyWhatItCounts_whenThreadsRace() async {
        let journal = EventJournal(capacity: 1 << 16)
        await withTaskGroup(of: Void.self) { group in
            for thread in 0..<4 {
                group.addTask {
                    for number in 0..<5000 {
                        journal.record(.growthBegan, "map \(thread)", time: 1, Double(number), Double(thread))
                    }
                }
            }
            group.addTask {
                for _ in 0..<50 {
                    for event in journal.events() { #expect(event.name == "map \(Int(event.figures[1]))") }
                }
            }
        }
        #expect(journal.events().count + journal.lostCount == 20_000)
    }
}
