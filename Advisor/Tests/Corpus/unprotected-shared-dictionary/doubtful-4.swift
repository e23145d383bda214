// A framework's class may be bound to the main thread.
public final class Screen: UIViewController {
    static var titles: [Int: String] = [:] // expect: unprotected-shared-dictionary

    public func show(_ id: Int, _ title: String) { Screen.titles[id] = title }
}
