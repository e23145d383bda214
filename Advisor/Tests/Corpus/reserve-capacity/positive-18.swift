final class Jar {
    private var cookies: [String: Cookie] = [:]

    func save() {
        var saved: [String: [String: Any]] = [:]
        for (key, cookie) in self.cookies { saved[key] = cookie.properties } // expect: reserve-capacity
        write(saved)
    }
}
