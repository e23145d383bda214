// A program that handles one request after the other.
enum Sessions {
    static var named: [String: Session] = [:] // expect: unprotected-shared-dictionary
}
func handle(_ request: Request) async {
    let session = await start(request)
    Sessions.named[request.id] = session
}
@main
struct Helper {
    static func main() async {
        for await request in requests { await handle(request) }
    }
}
