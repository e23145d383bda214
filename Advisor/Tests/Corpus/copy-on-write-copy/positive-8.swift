final class History {
    var events: [Event] = []

    func record(_ event: Event) {
        var all = self.events // expect: copy-on-write-copy
        all.append(event)
        self.events = all
    }
}
