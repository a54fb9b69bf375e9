/** What functions of languages and libraries are, by dotted names with any beginning. */
const table = (source: string): ReadonlySet<string> => new Set(source.trim().split(/\s+/))

/** Start a program or a shell. */
export const runners = table(`
  os.system os.popen os.execl os.execle os.execlp os.execv os.execve os.execvp os.execvpe os.spawnl os.spawnlp os.spawnv
  os.spawnvp os.posix_spawn os.startfile subprocess.run subprocess.call subprocess.Popen subprocess.check_output subprocess.check_call
  subprocess.getoutput subprocess.getstatusoutput commands.getoutput pty.spawn asyncio.create_subprocess_shell
  asyncio.create_subprocess_exec popen2.popen2 pexpect.spawn pexpect.run sh.bash
  child_process.exec child_process.execSync child_process.spawn child_process.spawnSync child_process.execFile
  child_process.execFileSync child_process.fork Bun.spawn Bun.spawnSync Deno.run Deno.Command execa execa.execa execa.execaSync
  execa.execaCommand shelljs.exec cross-spawn cross-spawn.sync process.binding
`)

/** Run a text as code. */
export const evaluators = table(`
  exec eval compile builtins.exec builtins.eval builtins.compile execfile code.interact code.InteractiveInterpreter.runcode
  code.InteractiveInterpreter.runsource runpy.run_path types.FunctionType types.CodeType
  Function vm.runInThisContext vm.runInNewContext vm.runInContext vm.Script vm.compileFunction setTimeout setInterval
  module._compile globalThis.eval window.eval
`)

/** Make objects, and thereby run code, out of bytes. */
export const deserialisers = table(`
  pickle.loads pickle.load cPickle.loads cPickle.load dill.loads dill.load cloudpickle.loads cloudpickle.load joblib.load marshal.loads
  marshal.load shelve.open torch.load yaml.unsafe_load jsonpickle.decode pandas.read_pickle node-serialize.unserialize
`)

/** Talk to the network: what they are given leaves, what they return comes from there. */
export const networkCalls = table(`
  urllib.request.urlopen urllib.request.Request urllib.request.urlretrieve urllib.urlopen urllib2.urlopen requests.get requests.post requests.put
  requests.patch requests.delete requests.request requests.head requests.Session.get requests.Session.post
  httpx.get httpx.post httpx.put httpx.request httpx.stream httpx.AsyncClient.get httpx.AsyncClient.post httpx.Client.get httpx.Client.post
  aiohttp.ClientSession.get aiohttp.ClientSession.post aiohttp.request
  http.client.HTTPSConnection.request http.client.HTTPConnection.request http.client.HTTPSConnection.getresponse
  urllib3.PoolManager.request urllib3.request pycurl.Curl.setopt websocket.create_connection websockets.connect
  smtplib.SMTP.sendmail smtplib.SMTP.send_message smtplib.SMTP_SSL.sendmail smtplib.SMTP_SSL.send_message
  ftplib.FTP.storbinary paramiko.SSHClient.exec_command paramiko.SFTPClient.put telnetlib.Telnet.write
  fetch axios axios.get axios.post axios.put axios.request got got.post got.get got.put node-fetch undici.fetch undici.request superagent.post
  superagent.get ky ky.post ky.get needle needle.post http.request http.get https.request https.get http.request.write http.request.end https.request.write https.request.end request request.post request.get
  navigator.sendBeacon XMLHttpRequest.send XMLHttpRequest.open WebSocket Deno.connect net.connect net.createConnection
  nodemailer.createTransport.sendMail
  socket.socket.connect socket.socket.send socket.socket.sendall socket.socket.sendto socket.create_connection
`)

/** Look names up: what they are given leaves as a DNS query. */
export const lookups = table(`
  socket.gethostbyname socket.gethostbyname_ex socket.getaddrinfo dns.resolver.resolve dns.resolver.query
  dns.lookup dns.resolve dns.resolve4 dns.resolveTxt dns.promises.lookup dns.promises.resolve
`)

/** Read a file: the first argument is its path. */
export const fileReaders = table(`
  open io.open codecs.open builtins.open os.open gzip.open sqlite3.connect shutil.copy shutil.copyfile shutil.copy2 shutil.copytree shutil.move
  pathlib.Path.read_text pathlib.Path.read_bytes pathlib.Path.open numpy.load pandas.read_csv json.load configparser.ConfigParser.read
  tarfile.open zipfile.ZipFile.write tarfile.open.add dotenv_values dotenv.dotenv_values
  fs.readFileSync fs.readFile fs.promises.readFile fs/promises.readFile fs.createReadStream fs.copyFileSync fs.copyFile fs.cpSync fs.openSync
  fs.promises.copyFile fs/promises.copyFile fs.readdirSync fs.promises.readdir fs/promises.readdir fs.readdir fs-extra.readFile fs-extra.readFileSync fs-extra.readJson
  os.listdir os.walk os.scandir glob.glob Deno.readTextFile Deno.readFile Deno.readTextFileSync Bun.file
`)

/** Write a file: the first argument is its path. */
export const fileWriters = table(`
  pathlib.Path.write_text pathlib.Path.write_bytes fs.writeFileSync fs.writeFile fs.appendFileSync fs.appendFile fs.promises.writeFile
  fs.promises.appendFile fs/promises.writeFile fs/promises.appendFile fs.createWriteStream fs-extra.writeFile fs-extra.outputFile
  Deno.writeTextFile Deno.writeTextFileSync Bun.write
`)

/** Delete files. */
export const removers = table(`
  shutil.rmtree os.remove os.unlink os.removedirs pathlib.Path.unlink fs.rmSync fs.rm fs.rmdirSync fs.unlinkSync fs.promises.rm
  fs/promises.rm fs.unlink fs-extra.removeSync fs-extra.remove rimraf rimraf.sync del
`)

/** Return the keys that are pressed, or what is copied. */
export const listeners = table(`
  pynput.keyboard.Listener pynput.mouse.Listener keyboard.on_press keyboard.hook keyboard.read_event keyboard.start_recording
  pyxhook.HookManager iohook.on node-global-key-listener.GlobalKeyboardListener
`)
export const clipboards = table(
  'pyperclip.paste clipboardy.read clipboardy.readSync tkinter.Tk.clipboard_get clipboard.paste',
)
export const clipboardWriters = table('pyperclip.copy clipboardy.write clipboardy.writeSync clipboard.copy')
export const keychains = table(
  'keyring.get_password keytar.getPassword keytar.findCredentials win32cred.CredRead browser_cookie3.chrome browser_cookie3.load browser_cookie3.firefox browsercookie.chrome',
)
