# The demo: built with the SDK, run as a user without rights on the ASP.NET runtime alone.
FROM mcr.microsoft.com/dotnet/sdk:10.0.100-alpine3.22 AS build
WORKDIR /source
COPY . .
RUN dotnet publish src/ProgressTelemetry.Demo/ProgressTelemetry.Demo.csproj --configuration Release --output /app -p:UseAppHost=false

FROM mcr.microsoft.com/dotnet/aspnet:10.0.0-alpine3.22
WORKDIR /app
COPY --from=build /app .
USER $APP_UID
EXPOSE 5080
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s CMD wget -q --spider http://127.0.0.1:5080/healthz
ENTRYPOINT ["dotnet", "progress-demo.dll"]
CMD ["serve", "--urls", "http://0.0.0.0:5080"]
