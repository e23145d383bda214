// Made once.
final class Settings {
    let path: String
    init(path: String) { self.path = path }
}
func settings() -> Settings { Settings(path: "a") }
